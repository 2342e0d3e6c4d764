import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findStructuralWeaknesses } from '../../../src/taint/patterns/index.ts';
import { lowerFiles } from '../catalogue/analysed.ts';

/** Rules of a file; those that only the profile `all` shows have a question mark. */
async function rules(path: string, text: string): Promise<readonly string[]> {
  const found = findStructuralWeaknesses(await lowerFiles({ [path]: `${text}\n` }), undefined);
  return found.map(({ rule, tier }) => (tier === 'pedantic' ? `${rule}?` : rule));
}

describe('a secret that is compared openly', () => {
  const script = (test: string) => rules('src/app.js', `exports.f = (req, key) => {\n  if (${test}) return 1;\n};`);

  it('is reported where both sides say so, or one is a header', async () => {
    for (const test of [
      "req.headers['x-api-key'] !== API_KEY",
      'req.get("x-token") === settings.apiToken',
      'sentToken !== process.env.API_TOKEN',
      'req.headers.authorization == config.clientSecret',
    ])
      assert.deepEqual(await script(test), ['CODE72'], test);
    assert.deepEqual(
      await rules('A.java', 'class A { boolean f(Request r) { return r.getHeader("X-Token").equals(ADMIN_TOKEN); } }'),
      ['CODE72'],
    );
    assert.deepEqual(
      await rules('a.go', 'package a\n\nfunc f(c *C) bool {\n\treturn c.GetHeader("X-Token") == apiToken\n}'),
      ['CODE72'],
    );
    assert.deepEqual(await rules('a.py', 'def f(x_token):\n    return x_token == API_TOKEN'), ['CODE72']);
  });

  it('is one of a signature only where something is signed', async () => {
    const text =
      'def f(request):\n    mac = hmac.new(KEY, request.data).hexdigest()\n    return request.headers["X-Sig"] == mac';
    assert.deepEqual(await rules('a.py', text), ['CODE72']);
    assert.deepEqual(await rules('a.py', 'def f(method, signature, token):\n    return method.sig == signature'), []);
    assert.deepEqual(await rules('a.py', 'def f(token, other):\n    return token == other.token'), []);
  });

  it('is shown with everything alone where the other side says nothing', async () => {
    assert.deepEqual(await script('given === apiKey'), ['CODE72?']);
  });

  it('is told from kinds, constants, words of a language and what takes the same time', async () => {
    for (const test of [
      "apiKey === ''",
      'apiKey === null',
      'grant.type === TokenType.ACCESS_TOKEN',
      'token === lexer.token',
      'apiKey === apiKey',
      'timingSafeEqual(Buffer.from(req.headers.token), apiToken)',
    ])
      assert.deepEqual(await script(test), [], test);
  });
});

describe('a cipher that begins with zeros', () => {
  const script = (...lines: readonly string[]) =>
    rules('a.js', `exports.f = (key, text) => {\n  ${lines.join('\n  ')}\n};`);

  it('is reported where nobody fills them', async () => {
    const call = "return crypto.createCipheriv('aes-256-cbc', key, iv);";
    assert.deepEqual(await script('const iv = Buffer.alloc(16);', call), ['CODE44']);
    assert.deepEqual(await script("return crypto.createCipheriv('aes-256-cbc', key, Buffer.alloc(16, 0));"), [
      'CODE44',
    ]);
    for (const line of ['crypto.randomFillSync(iv);', 'iv.write(text);', 'source.copy(iv);', 'iv[0] = text.length;'])
      assert.deepEqual(await script('const iv = Buffer.alloc(16);', line, call), [], line);
    assert.deepEqual(await script('const iv = crypto.randomBytes(16);', call), []);
  });

  it('is reported in Go, Java and Python', async () => {
    const go = (line: string) =>
      rules(
        'a.go',
        `package a\n\nfunc f(block B) {\n\tiv := make([]byte, 16)\n\t${line}\n\tcipher.NewCTR(block, iv)\n}`,
      );
    assert.deepEqual(await go(''), ['CODE44']);
    assert.deepEqual(await go('rand.Read(iv)'), []);
    assert.deepEqual(await go('io.ReadFull(rand.Reader, iv[:])'), []);
    const java = (line: string) =>
      rules('A.java', `class A { void f() { byte[] iv = new byte[16]; ${line} new IvParameterSpec(iv); } }`);
    assert.deepEqual(await java(''), ['CODE44']);
    assert.deepEqual(await java('random.nextBytes(iv);'), []);
    assert.deepEqual(await rules('a.py', 'def f(key):\n    return AES.new(key, AES.MODE_CBC, iv=bytes(16))'), [
      'CODE44',
    ]);
    assert.deepEqual(await rules('a.py', 'def f(key):\n    return AES.new(key, AES.MODE_CBC, iv=urandom(16))'), []);
  });
});

describe('what says yes to everything', () => {
  it('is a trust manager that refuses nothing, and a verifier of names that takes all', async () => {
    const manager = (body: string) =>
      rules(
        'A.java',
        `import javax.net.ssl.*; class A implements X509TrustManager { public void checkServerTrusted(X509Certificate[] c, String a) {${body}} }`,
      );
    assert.deepEqual(await manager(''), ['CODE45']);
    assert.deepEqual(await manager(' inner.checkServerTrusted(c, a); '), []);
    const verifier = (body: string) =>
      rules('A.java', `class A { void f(HttpsURLConnection c) { c.setHostnameVerifier((h, s) -> ${body}); } }`);
    assert.deepEqual(await verifier('true'), ['CODE45']);
    assert.deepEqual(await verifier('h.equals("a.example.test")'), []);
  });

  it('is a key of tokens in the function that is asked for it', async () => {
    const go = (key: string) =>
      rules(
        'a.go',
        `package a\n\nimport "github.com/golang-jwt/jwt/v5"\n\nfunc f(raw string) {\n\tjwt.Parse(raw, func(t *jwt.Token) (any, error) {\n\t\treturn ${key}, nil\n\t})\n}`,
      );
    assert.deepEqual(await go('[]byte("k9-77xQ-mmA1")'), ['CODE50']);
    assert.deepEqual(await go('[]byte(os.Getenv("KEY"))'), []);
  });
});

describe('an origin that is reflected', () => {
  const go = (middle: string, credentials = 'true') =>
    rules(
      'a.go',
      `package a\n\nfunc f(w http.ResponseWriter, r *http.Request) {\n\torigin := r.Header.Get("Origin")\n\t${middle}\n\tw.Header().Set("Access-Control-Allow-Origin", origin)\n\tw.Header().Set("Access-Control-Allow-Credentials", "${credentials}")\n}`,
    );

  it('is reported with cookies, unless something asks which it is', async () => {
    assert.deepEqual(await go(''), ['CODE53']);
    assert.deepEqual(await go('if origin == "" { return }'), ['CODE53']);
    assert.deepEqual(await go('', 'false'), []);
    assert.deepEqual(await go('if !permitted[origin] { return }'), []);
    assert.deepEqual(await go('if origin != "https://a.example.test" { return }'), []);
  });

  it('is reported in a filter of Java and a handler of JavaScript', async () => {
    const java = (value: string) =>
      rules(
        'A.java',
        `class A { void f(HttpServletRequest q, HttpServletResponse s) { s.setHeader("Access-Control-Allow-Origin", ${value}); s.setHeader("Access-Control-Allow-Credentials", "true"); } }`,
      );
    assert.deepEqual(await java('q.getHeader("Origin")'), ['CODE53']);
    assert.deepEqual(await java('"https://a.example.test"'), []);
    const script =
      "exports.f = (req, res) => {\n  res.setHeader('Access-Control-Allow-Origin', req.headers.origin);\n  res.setHeader('Access-Control-Allow-Credentials', 'true');\n};";
    assert.deepEqual(await rules('a.js', script), ['CODE53']);
  });

  it('is reported where options of Go and Spring permit all', async () => {
    const options = (value: string, credentials = 'true') =>
      rules(
        'a.go',
        `package a\n\nfunc f() {\n\tcors.New(cors.Config{AllowOriginFunc: func(origin string) bool { return ${value} }, AllowCredentials: ${credentials}})\n}`,
      );
    assert.deepEqual(await options('true'), ['CODE53']);
    assert.deepEqual(await options('list[origin]'), []);
    assert.deepEqual(await options('true', 'false'), []);
    const spring = (pattern: string) =>
      rules(
        'A.java',
        `class A { void f(CorsRegistry r) { r.addMapping("/**").allowedOriginPatterns("${pattern}").allowCredentials(true); } }`,
      );
    assert.deepEqual(await spring('*'), ['CODE53']);
    assert.deepEqual(await spring('https://*.example.test'), []);
  });

  it('is reported of a WebSocket that takes every origin', async () => {
    const go = (value: string) =>
      rules(
        'a.go',
        `package a\n\nvar u = websocket.Upgrader{CheckOrigin: func(r *http.Request) bool { return ${value} }}`,
      );
    assert.deepEqual(await go('true'), ['CODE53']);
    assert.deepEqual(await go('same(r)'), []);
    const python = (value: string) =>
      rules('a.py', `class Echo(WebSocketHandler):\n    def check_origin(self, origin):\n        return ${value}`);
    assert.deepEqual(await python('True'), ['CODE53']);
    assert.deepEqual(await python('origin in HOSTS'), []);
  });
});

describe('the details of an error in Go, Java and JavaScript', () => {
  it('are a stack that is part of an answer', async () => {
    const go = (call: string) =>
      rules('a.go', `package a\n\nimport "runtime/debug"\n\nfunc f(w http.ResponseWriter) {\n\t${call}\n}`);
    assert.deepEqual(await go('http.Error(w, string(debug.Stack()), 500)'), ['CODE61']);
    assert.deepEqual(await go('log.Print(string(debug.Stack()))'), []);
    assert.deepEqual(await go('slog.String("stack", string(debug.Stack()))'), []);
    const java = (body: string) =>
      rules(
        'A.java',
        `class A { void f(HttpServletResponse response) { try { g(); } catch (Exception e) { ${body} } } }`,
      );
    assert.deepEqual(await java('e.printStackTrace(response.getWriter());'), ['CODE61']);
    assert.deepEqual(await java('e.printStackTrace();'), []);
    assert.deepEqual(await java('response.getWriter().write(e.toString());'), ['CODE61']);
    assert.deepEqual(await java('response.getWriter().write("failed");'), []);
    const handler =
      'class A { Response toResponse(Exception e) { StringWriter out = new StringWriter(); e.printStackTrace(new PrintWriter(out)); return Response.serverError().entity(ANSWER).build(); } }';
    assert.deepEqual(await rules('A.java', handler.replace('ANSWER', 'out.toString()')), ['CODE61']);
    assert.deepEqual(await rules('A.java', handler.replace('ANSWER', '"failed"')), []);
    const script = (answer: string) =>
      rules('a.ts', `app.onError(({ error }) => {\n  return { message: ${answer} };\n});`);
    assert.deepEqual(await script('(error as Error).stack'), ['CODE61']);
    assert.deepEqual(await script("'failed'"), []);
  });
});
