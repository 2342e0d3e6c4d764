import type { Severity } from '../../../findings/index.ts';
import { RATE } from '../facts/index.ts';
import { SECURITY_HEADER } from '../lexicon.ts';

/** Settings whose meaning is known whatever the framework. `good` and `bad` are values, `less` and `more` numbers. */
export interface KnownOption {
  readonly name: RegExp;
  /** Files in which the name means this; any by default. */
  readonly path?: RegExp;
  readonly control: string;
  readonly bad?: RegExp;
  readonly order?: readonly string[];
  /** Values for which the name means this; any by default. */
  readonly value?: RegExp;
  /** Which way a number weakens. */
  readonly weaker?: 'less' | 'more';
  readonly severity: Severity;
  /** The severity when a number is ten times what it was. */
  readonly leap?: Severity;
  /** What it does to take the setting away. */
  readonly removed: 'weakened' | 'none';
  readonly meta?: boolean;
}

const NO = /^(?:false|0|no|off|none|null|nil|undefined|None)$/i;
export const YES = /^(?:true|1|yes|on|\*)$/i;

/** Programs that set up tests and linters. */
const CHECK_FILES =
  /(?:^|\/)(?:vite|vitest|jest|eslint|karma|nyc|c8|playwright|cypress|stylelint)\.config\.[cm]?[jt]s$/;
const LINT_FILES = /(?:^|\/)(?:eslint|stylelint)\.config\.[cm]?[jt]s$|(?:^|\/)\.eslintrc\.[cm]?js$/;

export const KNOWN_OPTIONS: readonly KnownOption[] = [
  {
    name: /^(?:lines|branches|functions|statements|perFile)$/,
    path: CHECK_FILES,
    control: 'check-settings-loosened',
    weaker: 'less',
    severity: 'high',
    removed: 'weakened',
    meta: true,
  },
  {
    name: /^(?:@?[\w-]{1,60}\/)?[\w-]*(?:eval|secur|inject|xss|csrf|unsafe|danger|secret|floating|innerhtml|child-process|script-url|unsanitized)[\w-]*$/i,
    path: LINT_FILES,
    control: 'check-settings-loosened',
    order: ['off', '0', 'warn', '1', 'error', '2'],
    severity: 'high',
    removed: 'weakened',
    meta: true,
  },
  {
    name: /^(?:rejectUnauthorized|verify_?ssl|ssl_?verify|verify_?mode|check_?hostname|verify|strictSSL|cert_?reqs|validate_certs|checkServerIdentity|hostnameVerifier|tls_?verify)$/i,
    control: 'tls-verification-off',
    bad: /^(?:false|0|no|off|null|None|ssl\.CERT_NONE|CERT_NONE|.*NoopHostnameVerifier.*|.*ALLOW_ALL.*)$|=>\s*(?:true|undefined|null)|^\(…\)$/i,
    severity: 'high',
    removed: 'none',
    meta: true,
  },
  {
    name: /^(?:InsecureSkipVerify|insecure|NODE_TLS_REJECT_UNAUTHORIZED|allowInvalidCertificates|tlsAllowInvalidCertificates|trustAllCerts)$/i,
    control: 'tls-verification-off',
    bad: /^(?:true|0|1)$/i,
    severity: 'high',
    removed: 'none',
    meta: true,
  },
  {
    name: /^(?:min_?version|minimum_version|secureProtocol|ssl_?version)$/i,
    control: 'tls-version-lowered',
    order: [
      'SSLv2',
      'SSLv3',
      'SSL30',
      'TLSv1_method',
      'TLSv1.0',
      'TLS10',
      'TLSv1.1',
      'TLS11',
      'TLSv1_1',
      'TLSv1.2',
      'TLS12',
      'TLSv1_2',
      'TLSv1.3',
      'TLS13',
      'TLSv1_3',
    ],
    severity: 'high',
    removed: 'weakened',
  },
  {
    name: /^(?:http_?only|secure|session_cookie_(?:secure|httponly)|csrf_cookie_(?:secure|httponly)|cookieHttpOnly|cookieSecure)$/i,
    control: 'cookie-flag-removed',
    bad: NO,
    severity: 'high',
    removed: 'weakened',
  },
  {
    name: /^(?:same_?site|session_cookie_samesite)$/i,
    control: 'cookie-flag-removed',
    order: [
      'none',
      'http.SameSiteNoneMode',
      'SameSiteNoneMode',
      'false',
      'lax',
      'http.SameSiteLaxMode',
      'SameSiteLaxMode',
      'true',
      'strict',
      'http.SameSiteStrictMode',
      'SameSiteStrictMode',
    ],
    severity: 'high',
    removed: 'weakened',
  },
  {
    name: /^(?:algorithms?|alg|hash|digest|digestmod|hash_?name|cipher|digest_?method|hash_?algorithm)$/i,
    control: 'algorithm-weakened',
    order: [
      'none',
      'plain',
      'md4',
      'md5',
      'hashlib.md5',
      'des',
      'rc4',
      '3des',
      'des3',
      'sha1',
      'sha-1',
      'hashlib.sha1',
      'aes-128-ecb',
      'aes-256-ecb',
      'aes-128-cbc',
      'sha224',
      'sha256',
      'sha-256',
      'hashlib.sha256',
      'aes-256-cbc',
      'sha384',
      'sha512',
      'sha-512',
      'hashlib.sha512',
      'aes-128-gcm',
      'aes-256-gcm',
    ],
    severity: 'high',
    removed: 'weakened',
  },
  {
    name: /^(?:iterations?|rounds|salt_?rounds|bcrypt_?(?:cost|rounds|log_rounds)|cost|work_?factor|time_?cost|memory_?cost|key_?(?:len|length|size|bits)|entropy|modulus_?length|salt_?(?:len|length)|password_?(?:min|minimum)_?length|min_?(?:password_)?length)$/i,
    control: 'work-factor-lowered',
    weaker: 'less',
    severity: 'high',
    removed: 'weakened',
  },
  {
    name: /^(?:max_?age|expires_?in|expiry|expiration|ttl|lifetime|leeway|clock_?(?:skew|tolerance)|\w*(?:session|token|csrf|otp)_?(?:cookie_?)?(?:timeout|ttl|length|age|max_?age)|\w*lifetime\w*|\w*expir\w*)$/i,
    control: 'lifetime-raised',
    weaker: 'more',
    bad: /^(?:0|null|None|undefined|-1|never)$/i,
    severity: 'medium',
    leap: 'high',
    removed: 'weakened',
  },
  {
    name: /^session_expire_at_browser_close$/i,
    control: 'lifetime-raised',
    bad: NO,
    severity: 'medium',
    removed: 'weakened',
  },
  {
    name: /./,
    value: RATE,
    control: 'limit-raised',
    weaker: 'more',
    severity: 'medium',
    leap: 'high',
    removed: 'weakened',
  },
  {
    name: /^(?:max_?(?:\w{0,30}_?)?(?:attempts|retries|tries|failures)|lockout_?\w+|rate_?limit)$/i,
    control: 'limit-raised',
    weaker: 'more',
    bad: /^(?:0|null|None|undefined|-1|Infinity)$/i,
    severity: 'medium',
    leap: 'high',
    removed: 'weakened',
  },
  {
    name: /^(?:limit|max_?(?:\w{0,30}_?)(?:size|length|depth|body|bytes|redirects|requests|connections|fields|files|parts|params)|body_?limit|file_?size)$/i,
    control: 'limit-raised',
    weaker: 'more',
    bad: /^(?:0|null|None|undefined|-1|Infinity)$/i,
    severity: 'medium',
    removed: 'weakened',
  },
  {
    name: /^(?:origin|origins|allow_?origins?|cors_?allow_?(?:all_?)?origins?|access-control-allow-origin|allowedOrigins?|cors)$/i,
    control: 'cors-opened',
    bad: /^(?:\*|true|.*'\*'.*)$/,
    severity: 'high',
    removed: 'none',
  },
  {
    name: /^(?:csrf|xsrf|wtf_csrf_enabled|csrf_?(?:protection|enabled|check\w{0,20})|auth_?required|login_?required)$/i,
    control: 'security-option-weakened',
    bad: NO,
    severity: 'high',
    removed: 'weakened',
  },
  {
    name: SECURITY_HEADER,
    control: 'security-header-removed',
    bad: /^['"]?(?:unsafe-none|allowall|public\b.*|0|inline\b.*|.*'unsafe-(?:inline|eval)'.*)['"]?$/i,
    severity: 'high',
    removed: 'weakened',
  },
  // Without it the answer is a page, and what is put into it is run.
  {
    name: /^(?:content_?type|mime_?type|media_?type)$/i,
    value: /^['"]?(?:text\/plain|application\/(?:json|octet-stream))\b/i,
    control: 'security-option-weakened',
    bad: /^['"]?text\/html\b/i,
    severity: 'high',
    removed: 'weakened',
  },
  {
    name: /^(?:additionalProperties|additional_properties)$/,
    control: 'schema-loosened',
    bad: YES,
    severity: 'medium',
    removed: 'weakened',
  },
  { name: /^(?:autoescape|auto_escape|escape)$/i, control: 'escaping-off', bad: NO, severity: 'high', removed: 'none' },
  { name: /^shell$/, control: 'shell-enabled', bad: /^true$/i, severity: 'high', removed: 'none' },
  {
    name: /^(?:noEnt|resolve_entities|external-(?:general|parameter)-entities|load-external-dtd|expandEntityReferences|load_dtd|xIncludeAware|isSupportingExternalEntities|supportDTD|\w{0,20}\.?SUPPORT_DTD|\w{0,20}\.?IS_SUPPORTING_EXTERNAL_ENTITIES)$/i,
    control: 'entities-enabled',
    bad: YES,
    severity: 'high',
    removed: 'weakened',
  },
  {
    name: /^(?:disallow-doctype-decl|secure-processing|(?:XMLConstants\.)?FEATURE_SECURE_PROCESSING)$/i,
    control: 'entities-enabled',
    bad: NO,
    severity: 'high',
    removed: 'weakened',
  },
  { name: /^(?:debug|DEBUG)$/, control: 'debug-enabled', bad: YES, severity: 'medium', removed: 'none' },
  {
    name: /^(?:nodeIntegration|webviewTag|allowRunningInsecureContent)$/,
    control: 'isolation-off',
    bad: YES,
    severity: 'high',
    removed: 'none',
  },
  {
    name: /^sandbox$/,
    value: /^allow-/,
    control: 'isolation-off',
    bad: /\ballow-(?:scripts|same-origin|top-navigation)\b/,
    severity: 'high',
    removed: 'weakened',
  },
  {
    name: /^(?:contextIsolation|webSecurity|sandbox)$/,
    control: 'isolation-off',
    bad: NO,
    severity: 'high',
    removed: 'none',
  },
];
