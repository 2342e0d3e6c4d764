import { DATA_TABLES } from './data-rows.ts';
import { PAGE_TABLES } from './page-rows.ts';
import { PROGRAM_TABLES } from './program-rows.ts';
import type { SafeguardTable } from './safeguard-row.ts';
import { SYSTEM_TABLES } from './system-rows.ts';

const SLASHES = /^\s*(?:\/\/|\*|\/\*)/;
const HASH = /^\s*(?:#|\/\/|\*|\/\*)/;

/** Ruby on Rails, Devise, Pundit, CanCanCan. */
const RUBY: SafeguardTable = {
  files: /\.(?:rb|rake)$/,
  remark: /^\s*#/,
  rows: [
    {
      name: 'a check before each action',
      pattern:
        /^[ \t]{0,20}(?:prepend_)?before_action[ \t(]+:?(?:authenticat|authoriz|require|ensure|verify|check|restrict)[^\n]{0,200}/gm,
      weight: -1,
    },
    {
      name: 'a check that is skipped',
      pattern:
        /^[ \t]{0,20}skip_(?:before_action|authorization|forgery_protection|load_and_authorize_resource|after_action)[^\n]{0,200}/gm,
      weight: 1,
    },
    { name: 'protection from forged requests', pattern: /^[ \t]{0,20}protect_from_forgery[^\n]{0,200}/gm, weight: -1 },
    {
      name: 'a question whether somebody may',
      pattern:
        /\b(?:authorize!?[ (]|load_and_authorize_resource|policy_scope\b|verify_authorized|http_basic_authenticate_with|has_secure_password)[^\n]{0,100}/g,
      weight: -1,
    },
    { name: 'every parameter is let in', pattern: /\.permit!/g, weight: 1 },
    {
      name: 'objects made of text from outside',
      pattern: /\b(?:Marshal\.load|YAML\.(?:unsafe_)?load\(|constantize\b|instance_eval\b|class_eval\b)/g,
      weight: 1,
    },
    { name: 'certificates are not checked', pattern: /VERIFY_NONE/g, weight: 1 },
  ],
};

/** Laravel, Symfony, WordPress. */
const PHP: SafeguardTable = {
  files: /\.(?:php|phtml|inc)$/,
  remark: HASH,
  rows: [
    {
      name: 'middleware that checks who asks',
      pattern:
        /(?:->|::)middleware\(\s{0,10}\[?\s{0,10}['"](?:auth|can|role|permission|verified|throttle|signed)[^\n]{0,100}/g,
      weight: -1,
    },
    {
      name: 'a question whether somebody may',
      pattern:
        /(?:->authorize\(|Gate::(?:authorize|allows|denies)\(|denyAccessUnlessGranted\(|#\[IsGranted|@IsGranted|@Security|current_user_can\(|->isGranted\()[^\n]{0,100}/g,
      weight: -1,
    },
    {
      name: 'protection from forged requests',
      pattern:
        /(?:wp_verify_nonce\(|check_ajax_referer\(|check_admin_referer\(|isCsrfTokenValid\(|@csrf\b|csrf_field\()/g,
      weight: -1,
    },
    {
      name: 'text is made harmless',
      pattern:
        /\b(?:htmlspecialchars|htmlentities|esc_html|esc_attr|esc_url|sanitize_\w{1,40}|escapeshellarg|escapeshellcmd|filter_var|intval|mysqli_real_escape_string|wp_kses\w{0,20})\(/g,
      weight: -1,
    },
    { name: 'a query with its values apart', pattern: /->(?:prepare|bindParam|bindValue)\(/g, weight: -1 },
    {
      name: 'code or objects made of text',
      pattern: /\b(?:eval|assert|unserialize|create_function|shell_exec|system|passthru|popen|extract)\(/g,
      weight: 1,
    },
    {
      name: 'certificates are not checked',
      pattern: /CURLOPT_SSL_VERIFY(?:PEER|HOST)\s{0,5}(?:,|=>)\s{0,5}(?:false|0)|['"]verify['"]\s{0,5}=>\s{0,5}false/g,
      weight: 1,
    },
  ],
};

/** ASP.NET. */
const CSHARP: SafeguardTable = {
  files: /\.(?:cs|cshtml|razor|vb|fs)$/,
  remark: SLASHES,
  rows: [
    {
      name: 'a demand that somebody is known',
      pattern:
        /\[Authorize\b[^\]\n]{0,100}\]|\.RequireAuthorization\([^\n]{0,80}|\.RequireRole\(|\.RequireClaim\(|AuthorizeFilter\(/g,
      weight: -1,
    },
    { name: 'anybody is let in', pattern: /\[AllowAnonymous\]|\.AllowAnonymous\(\)/g, weight: 1 },
    {
      name: 'protection from forged requests',
      pattern:
        /\[(?:Auto)?ValidateAntiForgeryToken\]|AutoValidateAntiforgeryTokenAttribute|@Html\.AntiForgeryToken\(\)/g,
      weight: -1,
    },
    { name: 'forged requests are let in', pattern: /\[IgnoreAntiforgeryToken\]/g, weight: 1 },
    {
      name: 'a part of the pipeline that protects',
      pattern: /\.Use(?:Authentication|Authorization|HttpsRedirection|Hsts|RateLimiter|Antiforgery)\(/g,
      weight: -1,
    },
    {
      name: 'certificates are not checked',
      pattern:
        /DangerousAcceptAnyServerCertificateValidator|Server(?:Certificate)?(?:Custom)?ValidationCallback\s{0,5}\+?=\s{0,5}[^;\n]{0,100}true|TrustServerCertificate\s{0,3}=\s{0,3}true/gi,
      weight: 1,
    },
    {
      name: 'a token is checked less',
      pattern:
        /\b(?:Validate(?:Issuer|Audience|Lifetime|IssuerSigningKey)|RequireSignedTokens|RequireExpirationTime|RequireHttpsMetadata)\s{0,3}=\s{0,3}false/g,
      weight: 1,
    },
    {
      name: 'every origin is let in',
      pattern: /\.AllowAnyOrigin\(|SetIsOriginAllowed\(\s{0,3}_?\w{0,20}\s{0,3}=>\s{0,3}true/g,
      weight: 1,
    },
    {
      name: 'objects made of text from outside',
      pattern: /\b(?:BinaryFormatter|NetDataContractSerializer|LosFormatter|TypeNameHandling\.(?:All|Auto|Objects))\b/g,
      weight: 1,
    },
    { name: 'text stands in a page as it is', pattern: /@?Html\.Raw\(/g, weight: 1 },
  ],
};

/** Spring, Ktor, Play and Micronaut from Kotlin, Scala and Groovy. */
const JVM: SafeguardTable = {
  files: /\.(?:kt|kts|scala|groovy)$/,
  remark: SLASHES,
  rows: [
    {
      name: 'a demand that somebody is known',
      pattern:
        /@(?:PreAuthorize|PostAuthorize|Secured|RolesAllowed|Authenticated)\b[^\n]{0,150}|\b(?:authenticated|hasRole|hasAnyRole|hasAuthority)\b|^[ \t]{0,40}authenticate(?:\(|\s{0,3}\{)/gm,
      weight: -1,
    },
    { name: 'anybody is let in', pattern: /\bpermitAll\b|@PermitAll\b|\banonymous\(\)/g, weight: 1 },
    {
      name: 'protection from forged requests is off',
      pattern: /csrf\s{0,5}(?:\(\))?\s{0,5}\.?\s{0,5}(?:\{\s{0,10}(?:it\.)?)?disable\b/g,
      weight: 1,
    },
    {
      name: 'certificates are not checked',
      pattern:
        /hostnameVerifier\s{0,5}[({=][^\n]{0,60}true|ALLOW_ALL_HOSTNAME_VERIFIER|NoopHostnameVerifier|InsecureTrustManagerFactory/g,
      weight: 1,
    },
    { name: 'every origin is let in', pattern: /\banyHost\(\)|allowedOrigins?\(\s{0,3}"\*"/g, weight: 1 },
  ],
};

/** Rust, C, C++, Swift, Dart, Elixir. */
const NATIVE: SafeguardTable = {
  files: /\.(?:rs|c|h|cc|cpp|hpp|cxx|m|mm|swift|dart|ex|exs|erl)$/,
  remark: HASH,
  rows: [
    {
      name: 'certificates are not checked',
      pattern:
        /danger_accept_invalid_(?:certs|hostnames)\(\s{0,3}true|CURLOPT_SSL_VERIFY(?:PEER|HOST)\s{0,3},\s{0,3}0|SSL_VERIFY_NONE|badCertificateCallback\s{0,3}=[^;\n]{0,80}true|verify:\s{0,3}:verify_none|SslVerifyMode::NONE/g,
      weight: 1,
    },
    {
      name: 'every origin is let in',
      pattern: /CorsLayer::(?:very_)?permissive|Cors::permissive|allow_any_origin\(/g,
      weight: 1,
    },
    {
      name: 'a layer that checks who asks',
      pattern:
        /(?:RequireAuthorizationLayer|ValidateRequestHeaderLayer|HttpAuthentication|from_fn(?:_with_state)?\([^\n]{0,40}auth|^[ \t]{0,20}plug[ (]+:?\w{0,30}(?:auth|require|csrf|protect)\w{0,30})/gim,
      weight: -1,
    },
    {
      name: 'memory is written without its bounds',
      pattern: /\b(?:strcpy|strcat|sprintf|vsprintf|gets)\s?\(/g,
      weight: 1,
    },
  ],
};

/** How passwords are stored, in any language. */
const PASSWORDS: SafeguardTable = {
  files: /\.(?:java|kt|scala|groovy|py|rb|php|[cm]?[jt]sx?|go|cs|rs|ex|ya?ml|properties)$/,
  remark: HASH,
  rows: [
    {
      name: 'a secret that everybody knows where none is given',
      pattern:
        /\b\w{0,40}(?:SECRET|PASSWORD|PASSWD|API_?KEY|SIGNING_?KEY|PRIVATE_?KEY|AUTH_?TOKEN)\w{0,40}["'\])]{0,3}\s{0,5}(?:\?\?|\|\||,|\bor\b|\?:)\s{0,5}["'][^"'\n]{3,100}["']|\$\{\w{0,40}(?:SECRET|PASSWORD|API_?KEY|SIGNING_?KEY)\w{0,40}:(?!-)[^}\n]{3,100}\}/g,
      weight: 1,
    },
    {
      name: 'passwords are stored as they are, or nearly',
      pattern:
        /\bNoOpPasswordEncoder\b(?![^\n]{0,5};)|\{noop\}|\b(?:MessageDigestPasswordEncoder|Md4PasswordEncoder|LdapShaPasswordEncoder)\b(?![^\n]{0,5};)|PASSWORD_HASHERS\s{0,5}=\s{0,5}[[(]\s{0,100}['"][\w.]{0,80}(?:MD5|SHA1|Unsalted\w{1,10}|Crypt)PasswordHasher|\bschemes\s{0,5}=\s{0,5}[[(]\s{0,20}['"](?:plaintext|hex_\w{1,10}|md5_crypt|des_crypt|ldap_plaintext|sha1_crypt)|\b(?:md5|sha1|sha256|sha512)\s{0,3}\(\s{0,3}\$?\w{0,20}(?:passw|pwd)\w{0,10}/gi,
      weight: 1,
    },
  ],
};

export const SAFEGUARDS: readonly SafeguardTable[] = [
  RUBY,
  PHP,
  CSHARP,
  JVM,
  NATIVE,
  ...PAGE_TABLES,
  ...DATA_TABLES,
  ...PROGRAM_TABLES,
  ...SYSTEM_TABLES,
  PASSWORDS,
];

/** Functions that make a password costly to guess. */
export const STRONG_PASSWORDS =
  /\b(?:bcrypt\w{0,10}|BCryptPasswordEncoder|argon2\w{0,5}|Argon2PasswordEncoder|scrypt\w{0,5}|SCryptPasswordEncoder|Pbkdf2PasswordEncoder|pbkdf2\w{0,10}|PBKDF2\w{0,30}|password_hash|PasswordHasher|DelegatingPasswordEncoder|createDelegatingPasswordEncoder|has_secure_password|generate_password_hash|make_password|CryptContext|GenerateFromPassword|Rfc2898DeriveBytes)\b/i;
