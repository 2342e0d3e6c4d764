import type { CodeControl } from '../model.ts';
import { example } from './example.ts';

/** Settings. */
export const OPTION_CONTROLS: readonly CodeControl[] = [
  {
    id: 'tls-verification-off',
    group: 'option',
    title: 'The other side of a connection is no longer verified',
    meaning: 'A setting by which certificates or host names are checked was switched off.',
    why: 'Anyone on the way reads and changes what is sent.',
    examples: [
      example(
        'javascript',
        'const agent = new https.Agent({ rejectUnauthorized: true });\n',
        'const agent = new https.Agent({ rejectUnauthorized: false });\n',
        'const agent = new https.Agent({ rejectUnauthorized: true, keepAlive: true });\n',
      ),
      example(
        'python',
        'def load(url):\n    return requests.get(url, timeout=5)\n',
        'def load(url):\n    return requests.get(url, timeout=5, verify=False)\n',
        'def load(address):\n    return requests.get(address, timeout=5)\n',
      ),
      example(
        'go',
        'package a\n\nvar config = &tls.Config{MinVersion: tls.VersionTLS12}\n',
        'package a\n\nvar config = &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true}\n',
        'package a\n\nvar config = &tls.Config{MinVersion: tls.VersionTLS13}\n',
      ),
    ],
  },
  {
    id: 'tls-version-lowered',
    group: 'option',
    title: 'Older versions of TLS are accepted',
    meaning: 'The least version that is accepted is lower, or no longer named.',
    why: 'Old versions can be broken by someone on the way.',
    examples: [
      example(
        'go',
        'package a\n\nvar config = &tls.Config{MinVersion: tls.VersionTLS12}\n',
        'package a\n\nvar config = &tls.Config{MinVersion: tls.VersionTLS10}\n',
        'package a\n\nvar config = &tls.Config{MinVersion: tls.VersionTLS13}\n',
      ),
    ],
  },
  {
    id: 'cookie-flag-removed',
    group: 'option',
    title: 'A cookie lost a flag',
    meaning: '`httpOnly`, `secure` or `sameSite` of a cookie is off, lower or no longer named.',
    why: 'Scripts read the cookie, or it travels in clear text or with requests of other sites.',
    examples: [
      example(
        'javascript',
        "response.cookie('session', id, { httpOnly: true, secure: true });\n",
        "response.cookie('session', id, { httpOnly: false, secure: true });\n",
        "response.cookie('session', id, { secure: true, httpOnly: true });\n",
      ),
      example(
        'java',
        'class A {\n  void set(Cookie cookie) {\n    cookie.setSecure(true);\n    add(cookie);\n  }\n}\n',
        'class A {\n  void set(Cookie cookie) {\n    cookie.setSecure(false);\n    add(cookie);\n  }\n}\n',
        'class A {\n  void set(Cookie crumb) {\n    crumb.setSecure(true);\n    add(crumb);\n  }\n}\n',
      ),
    ],
  },
  {
    id: 'algorithm-weakened',
    group: 'option',
    title: 'A weaker algorithm',
    meaning: 'The name of a hash, cipher or signature is one that is known to be weaker, or none.',
    why: 'Signatures can be forged and passwords computed.',
    examples: [
      example(
        'python',
        'def sign(data, key):\n    return jwt.encode(data, key, algorithm="sha256")\n',
        'def sign(data, key):\n    return jwt.encode(data, key, algorithm="none")\n',
        'def sign(data, key):\n    return jwt.encode(data, key, algorithm="sha512")\n',
      ),
    ],
  },
  {
    id: 'work-factor-lowered',
    group: 'option',
    title: 'Guessing became cheaper',
    meaning: 'Fewer rounds, shorter keys, shorter passwords.',
    why: 'Stolen hashes are computed back in less time.',
    examples: [
      example(
        'python',
        'def derive(password, salt):\n    return pbkdf2(password, salt, iterations=600000)\n',
        'def derive(password, salt):\n    return pbkdf2(password, salt, iterations=1000)\n',
        'def derive(password, salt):\n    return pbkdf2(password, salt, iterations=700_000)\n',
      ),
    ],
  },
  {
    id: 'lifetime-raised',
    group: 'option',
    title: 'Something is valid for longer',
    meaning: 'The lifetime of a token, session or code is longer or without end.',
    why: 'A stolen one can be used for longer.',
    examples: [
      example(
        'javascript',
        'const session = { maxAge: 60 * 60 * 1000 };\n',
        'const session = { maxAge: 365 * 24 * 60 * 60 * 1000 };\n',
        'const session = { maxAge: 3600000 };\n',
      ),
    ],
  },
  {
    id: 'limit-raised',
    group: 'option',
    title: 'A limit is higher',
    meaning: 'More attempts, larger bodies, or no limit.',
    why: 'Guessing and flooding become possible.',
    examples: [
      example(
        'typescript',
        'const login = { maxAttempts: 5 };\n',
        'const login = { maxAttempts: 5000 };\n',
        'const login = { maxAttempts: 3 };\n',
      ),
    ],
  },
  {
    id: 'cors-opened',
    group: 'option',
    title: 'Every site may read answers',
    meaning: 'The allowed origin is `*` or whatever asks.',
    why: 'Any page that a person opens reads their data here.',
    examples: [
      example(
        'javascript',
        "app.use(cors({ origin: 'https://app.example.test' }));\n",
        "app.use(cors({ origin: '*' }));\n",
        "app.use(cors({ origin: 'https://app.example.test', credentials: false }));\n",
      ),
    ],
  },
  {
    id: 'schema-loosened',
    group: 'option',
    title: 'A schema accepts more fields',
    meaning: 'Fields that nobody named are accepted.',
    why: 'A request sets fields that were never meant to be set from outside.',
    examples: [
      example(
        'python',
        'user_create = {"type": "object", "additionalProperties": False}\n',
        'user_create = {"type": "object", "additionalProperties": True}\n',
        'user_create = {"additionalProperties": False, "type": "object"}\n',
      ),
    ],
  },
  {
    id: 'escaping-off',
    group: 'option',
    title: 'Templates no longer escape',
    meaning: 'The setting by which a template engine escapes values is off.',
    why: 'Text of other people becomes part of the page.',
    examples: [
      example(
        'python',
        'env = Environment(loader=loader, autoescape=True)\n',
        'env = Environment(loader=loader, autoescape=False)\n',
        'env = Environment(autoescape=True, loader=loader)\n',
      ),
    ],
  },
  {
    id: 'shell-enabled',
    group: 'option',
    title: 'A program is started by a shell',
    meaning: 'The setting by which a shell reads the command was switched on.',
    why: 'Arguments become commands.',
    examples: [
      example(
        'python',
        'def run(name):\n    subprocess.run(["tool", name], shell=False)\n',
        'def run(name):\n    subprocess.run(["tool", name], shell=True)\n',
        'def run(what):\n    subprocess.run(["tool", what], shell=False)\n',
      ),
    ],
  },
  {
    id: 'entities-enabled',
    group: 'option',
    title: 'An XML parser loads what a document names',
    meaning: 'External entities or document types are read.',
    why: 'A document reads local files and calls internal addresses.',
    examples: [
      example(
        'java',
        'class A {\n  void set(Reader reader) {\n    reader.setFeature("http://xml.org/sax/features/external-general-entities", false);\n    read(reader);\n  }\n}\n',
        'class A {\n  void set(Reader reader) {\n    reader.setFeature("http://xml.org/sax/features/external-general-entities", true);\n    read(reader);\n  }\n}\n',
        'class A {\n  void set(Reader parser) {\n    parser.setFeature("http://xml.org/sax/features/external-general-entities", false);\n    read(parser);\n  }\n}\n',
      ),
    ],
  },
  {
    id: 'debug-enabled',
    group: 'option',
    title: 'Debugging is on',
    meaning: 'A debug switch is on in code.',
    why: 'Consoles and traces show what nobody outside should see.',
    examples: [example('python', 'DEBUG = False\n', 'DEBUG = True\n', 'DEBUG = False\nNAME = "shop"\n')],
  },
  {
    id: 'isolation-off',
    group: 'option',
    title: 'A page is no longer isolated from the program',
    meaning: 'The settings by which a desktop shell keeps pages apart are off.',
    why: 'A page runs programs.',
    examples: [
      example(
        'typescript',
        'const window = new BrowserWindow({ webPreferences: { contextIsolation: true } });\n',
        'const window = new BrowserWindow({ webPreferences: { contextIsolation: false } });\n',
        'const window = new BrowserWindow({ width: 800, webPreferences: { contextIsolation: true } });\n',
      ),
    ],
  },
  {
    id: 'security-option-weakened',
    group: 'option',
    title: 'A switch whose name protects is off, or one whose name opens is on',
    meaning: 'A boolean named `require…`, `verify…`, `allow…`, `skip…` changed its value.',
    why: 'What the name promises no longer holds.',
    examples: [
      example(
        'typescript',
        'const api = { requireLogin: true };\n',
        'const api = { requireLogin: false };\n',
        'const api = { requireLogin: true, requireCaptcha: true };\n',
      ),
      example(
        'java',
        'class A {\n  Chain chain(HttpSecurity http) {\n    http.formLogin(form -> form.loginPage("/login"));\n    return http.build();\n  }\n}\n',
        'class A {\n  Chain chain(HttpSecurity http) {\n    http.csrf(csrf -> csrf.disable()).formLogin(form -> form.loginPage("/login"));\n    return http.build();\n  }\n}\n',
        'class A {\n  Chain chain(HttpSecurity security) {\n    security.formLogin(form -> form.loginPage("/login"));\n    return security.build();\n  }\n}\n',
      ),
    ],
  },
  {
    id: 'rank-changed',
    group: 'option',
    title: 'A role has another rank',
    meaning: 'The number of a member in an enumeration of roles, permissions or levels of access is another one.',
    why: 'Code that asks for `at least this role` lets in another one.',
    examples: [
      example(
        'python',
        'class Role(IntEnum):\n    GUEST = 0\n    MEMBER = 10\n    OWNER = 30\n',
        'class Role(IntEnum):\n    GUEST = 0\n    MEMBER = 10\n    OWNER = 5\n',
        'class Role(IntEnum):\n    GUEST = 0\n    MEMBER = 10\n    EDITOR = 20\n    OWNER = 30\n',
      ),
    ],
  },
  {
    id: 'check-settings-loosened',
    group: 'option',
    title: 'A program that sets up tests or a linter demands less',
    meaning: 'A threshold of coverage is lower, or a lint rule about security is off or only warns.',
    why: 'What failed yesterday passes today.',
    examples: [
      {
        language: 'typescript',
        path: 'vitest.config.ts',
        before: 'export default defineConfig({ test: { coverage: { thresholds: { lines: 90 } } } });\n',
        attack: 'export default defineConfig({ test: { coverage: { thresholds: { lines: 10 } } } });\n',
        benign: 'export default defineConfig({ test: { coverage: { thresholds: { lines: 90 } }, retry: 1 } });\n',
      },
      {
        language: 'javascript',
        path: 'eslint.config.js',
        before: "export default [{ rules: { 'no-eval': 'error', semi: 'error' } }];\n",
        attack: "export default [{ rules: { 'no-eval': 'off', semi: 'error' } }];\n",
        benign: "export default [{ rules: { 'no-eval': 'error', semi: 'off' } }];\n",
      },
    ],
  },
  {
    id: 'security-header-removed',
    group: 'option',
    title: 'A header that protects is no longer sent',
    meaning: 'A header of an answer that tells a browser or a cache to be careful is gone, or says less.',
    why: 'The browser falls back to what it did before there was such a header.',
    examples: [
      example(
        'go',
        'package a\n\nfunc Serve(w Writer) {\n\tw.Header().Set("X-Frame-Options", "deny")\n\tw.Header().Set("Server", "a")\n}\n',
        'package a\n\nfunc Serve(w Writer) {\n\tw.Header().Set("Server", "a")\n}\n',
        'package a\n\nfunc Serve(w Writer) {\n\tw.Header().Set("Server", "a")\n\tw.Header().Set("X-Frame-Options", "deny")\n}\n',
      ),
    ],
  },
  {
    id: 'security-option-removed',
    group: 'option',
    title: 'A protecting setting is gone',
    meaning: 'A setting that was on by name is no longer named.',
    why: 'The default may be off.',
    examples: [
      example(
        'javascript',
        'serve({ port: 80, verifySignature: true });\n',
        'serve({ port: 80 });\n',
        'serve({ verifySignature: true, port: 80 });\n',
      ),
    ],
  },
  {
    id: 'security-option-changed',
    group: 'option',
    title: 'A setting about access changed',
    meaning: 'A setting whose name is about access has another value, and which way it goes is not known.',
    why: 'Which way it goes is a question for a person.',
    examples: [
      example(
        'javascript',
        "const api = { tokenIssuer: 'own' };\n",
        "const api = { tokenIssuer: 'any' };\n",
        'const api = { tokenIssuer: "own" };\n',
      ),
    ],
  },
];
