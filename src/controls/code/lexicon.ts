/** Words of access and secrecy: what they stand in is about security. */
const STRONG = new Set(
  `auth authn authz authenticate authenticated authentication authorize authorized authorization authorise authorised
  unauthorized unauthenticated unauthorised oauth oauth1 oauth2 saml jwt login logged signin signed signedin sso
  permission permissions permitted perm perms acl acls rbac role roles admin admins administrator superuser root owner
  owners ownership csrf xsrf xss ssrf token tokens secret secrets password passwords passwd passphrase credential
  credentials cred creds session sessions signature signatures sign verify verified verifies verification verifier
  validate validated validates validation validator sanitize sanitized sanitizer sanitise sanitiser sanitization escape
  escaped unescape encrypt encrypted decrypt hmac hash digest deny denied denies denylist blocklist allowlist whitelist
  blacklist forbid forbids forbidden access accessible private privilege privileged privileges protect protected
  protection secure security insecure trust trusted untrusted cert certificate certificates tls ssl cors captcha mfa totp
  otp twofactor 2fa nonce scope scopes grant granted grants restrict restricted restriction enforce enforced enforcement
  revoke revoked impersonate impersonation tenant apikey bearer policy policies safe unsafe injection traversal symlink
  symlinks readonly guard require requires required allow allowed allows disallow disallowed reject rejected
  suspended banned blocked prohibited lockout brute own prototype proto selinux apparmor seccomp sandbox sandboxed cloexec`.split(
    /\s+/,
  ),
);

/** Words of input that often are about security and as often are not. */
const WEAK = new Set(
  `check checks valid invalid is has can ensure assert limit limits max min length size expired expires expire expiry
  expiration ttl timeout url uri host hostname origin origins redirect path dir file filename upload ip cookie cookies
  header user users userid identity key keys clean normalize normalise quote filter strip pattern regex email account
  member members visible visibility public local remote internal type exist exists same equal equals match matches
  encode encoded decode html id ids master domain project org team group write read delete remove update create disable
  disabled enabled active status state`.split(/\s+/),
);

/** Strong words of a name beside the verb of a check, and whether that verb is one of security. */
export function weighName(name: string): { readonly verb: 0 | 1 | 2; readonly nouns: number } {
  const words = wordsOf(name);
  const verb = words.find((word) => CHECK_VERB.test(word));
  const nouns = new Set(words.filter((word) => word !== verb && STRONG.has(word))).size;
  return { verb: verb === undefined ? 0 : PLAIN_CHECK.test(verb) ? 1 : 2, nouns };
}

/** Words of refusals: what an exit says when it denies. */
const DENIAL =
  /^(?:forbidden|unauthori[sz]ed|unauthenticated|denied|deny|abort|reject|rejected|fail|failed|failure|error|errors|errorf|err|invalid|not(?:found|allowed|permitted)|notfound|bad|refuse|refused|prohibited|disallowed|exception|panic|fatal|exit|die|conflict|validation|halt)$/;

/** Divide a name into words: `isRepoAdmin`, `is_repo_admin` and `is-repo-admin` are the same three. */
export function wordsOf(text: string): readonly string[] {
  return text
    .slice(0, 4000)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** How many different words of access a text has. */
export function countStrong(text: string): number {
  return new Set(wordsOf(text).filter((word) => STRONG.has(word))).size;
}

/**
 * Words of access that say little of a change when they go: `require` and `reject` load a part of a program and end a
 * promise, certificates and credentials are data that ordinary work handles. In the 57 projects of `bench/risk.ts` they
 * are lost about as often in ordinary commits as in reversed fixes.
 */
const COMMON = new Set(
  `require requires reject root authz sign signed cert certificate ssl credential credentials policies`.split(/\s+/),
);

/** Whether a text has a word of access that tells something when it goes. */
export function tellsOfAccess(text: string): boolean {
  return wordsOf(text).some((word) => STRONG.has(word) && !COMMON.has(word));
}

/**
 * Words of what access is about rather than of who asks for it: programs that keep tokens, sessions and roles handle them
 * in all their work. Without them half as many ordinary commits lose a word of access, and reversed fixes are told from
 * them as well; `docs/benchmarks.md` has the figures.
 */
const HANDLED = new Set(
  `token tokens tenant password passwords passwd passphrase trust trusted untrusted required private validate validated
  validates validation validator oauth oauth1 oauth2 tls roles role session sessions access auth owner owners
  authorization authentication own prototype scope scopes digest`.split(/\s+/),
);

/** Whether a word that is gone tells that a change takes protection away: `forbidden`, `isAllowed`, `csrf`. */
export function tellsOfLoss(text: string): boolean {
  return wordsOf(text).some((word) => STRONG.has(word) && !COMMON.has(word) && !HANDLED.has(word));
}

/** Whether a text has a word of input checks, and no more. */
export function hasWeak(text: string): boolean {
  return wordsOf(text).some((word) => WEAK.has(word) || STRONG.has(word));
}

/** Whether a name says no. */
export function isDenialName(name: string): boolean {
  const words = wordsOf(name);
  return (
    words.some((word) => DENIAL.test(word)) ||
    /not_(?:found|allowed|permitted|authori[sz]ed|exist|acceptable)|(?:required|mismatch)_(?:response|reply)$/.test(
      words.join('_'),
    )
  );
}

/** Whether a call of this name answers that something is missing: `authRequired(ctx)`, `missingServerURL()`. */
export function refusesByName(name: string): boolean {
  const words = wordsOf(name);
  return (
    words.length > 1 &&
    (words[0] === 'missing' ||
      (words.at(-1) === 'required' && !QUESTION.test(words[0] ?? '') && !words.some((word) => CHECK_VERB.test(word))))
  );
}

/** Words of who may do what. */
const ACCESS =
  /^(?:permissions?|permitted|perms?|roles?|rbac|acls?|admin|owner|owns|owned|access|accessible|privileged?|privileges?|authori[sz]\w*|authenticat\w*|csrf|xsrf|signature|signed|password|allowed|forbidden|blocked|prohibited|trusted|restricted|protected|symlink)$/;

/** Whether a name is a question or a demand, whatever it is about: `isSigned`, `checkToken`. */
export function asks(name: string): boolean {
  const words = wordsOf(name);
  return QUESTION.test(words[0] ?? '') || hasCheckVerb(words) || ACCESS.test(words.at(-1) ?? '');
}

/** Whether a question is about who may do what: `hasPermission`, `isAdmin`, `IsBlockedHost`. */
export function asksAccess(name: string): boolean {
  const words = wordsOf(name);
  const asks = words.some((word) => QUESTION.test(word) || CHECK_VERB.test(word)) || ACCESS.test(words.at(-1) ?? '');
  return asks && words.some((word) => ACCESS.test(word));
}

/** Whether a function answers who may do something: `canEdit`, `may_read`, `AllowDelete`, `isAllowed`. */
export function permits(name: string): boolean {
  const words = wordsOf(name);
  return (
    /^(?:can|may|allows?|permits?)$/.test(words[0] ?? '') ||
    /^(?:allowed|permitted|authori[sz]ed)$/.test(words.at(-1) ?? '')
  );
}

/** Whether a function says with its result who may do something: `isAdmin`, `canRead`, and not `hashPassword`, `getRoles`. */
export function answersAccess(name: string): boolean {
  const [first = ''] = wordsOf(name);
  return permits(name) || (asksAccess(name) && !DATA_VERB.test(first) && !MAKES.test(first));
}

/** Verbs of functions that make a value of what they are given. */
const MAKES = /^(?:hash|encrypt|sign|hmac|encode|escape|mask)$/;

/** Whether a function checks something for whoever calls it, by the verb or the question in its name. */
export function isCheckName(name: string): boolean {
  const words = wordsOf(name);
  return hasCheckVerb(words) || permits(name) || (asksAccess(name) && !DATA_VERB.test(words[0] ?? ''));
}

/** `signIn` and `signedInUser` let somebody in, or name them; that is no check of its own. */
function hasCheckVerb(words: readonly string[]): boolean {
  return words.some(
    (word, at) =>
      CHECK_VERB.test(word) && !(/^sign(?:ed)?$/.test(word) && /^(?:in|up|out|off|on)$/.test(words[at + 1] ?? '')),
  );
}

/** Verbs of functions that stop or clean what they are given. */
const CHECK_VERB =
  /^(?:verify|verifies|check|checks|validate|validates|ensure|require|requires|req|enforce|assert|authorize|authorise|authenticate|sanitize|sanitise|escape|protect|restrict|deny|forbid|guard|confirm|limit|throttle|revoke|invalidate|expire|lock|encrypt|hash|sign|hmac|prevent|disallow|enforces|signed|deadline)$/;
/** Verbs of checks of any kind; what is checked decides. */
const PLAIN_CHECK = /^(?:check|checks|ensure|assert|confirm|limit|lock|hash|deadline|require|requires)$/;
const QUESTION = /^(?:is|has|can|may|should|allow|allows|allowed|permit|permits|owns|in|accessible|contains|needs)$/;
/** Functions that make a value harmless or comparable. */
const CLEANING =
  /^(?:escape\w*|quote\w*|sanit\w*|clean\w*|normali[sz]e\w*|normpath|realpath|purify|encodeuri\w*|strip(?:tags)?|(?:to_?)?(?:lower|upper)(?:case)?|casefold|htmlescape\w*|basename|resolve|abs|evalsymlinks|canonical\w*|bleach|redact\w*|mask\w*|trim|localecompare|decodeuri(?:component)?|unquote|url_?decode)$/;

/** Reading, making and storing things of access is no control of access. */
const DATA_VERB =
  /^(?:get|list|find|load|read|fetch|query|search|create|make|build|new|set|add|insert|update|store|save|write|put|generate|gen|parse|from|to|with|count|handle|on|register|init|setup|format|render|show|send|log|test|of|issue|mint|acquire|upsert|populate|extract|lookup|open|symlink|readlink|transform|untransform|convert|serialize|serialise|deserialize|deserialise|marshal|unmarshal|clone|copy)$/;
/** Whether a question is about the type or the form of a value: `isArray`, `is_empty`, `hasOwnProperty`. */
function asksOfForm(name: string): boolean {
  const words = wordsOf(name);
  return TYPE_QUESTION.test(words.join('_')) || TYPE_QUESTION.test(words.join(''));
}

const TYPE_QUESTION =
  /^(?:is|has|can)_?(?:array|nan|empty|nil|null|none|string|number|object|function|instance|own(?:_?propert\w*)?|next|attr|integer|undefined|finite|zero|defined|not\w*|exist|exists|err\w*|dir|file|plain\w*|prefix|suffix|more|any|all|type|set|digit|key)$/;
const IDLE = /^(?:log|logger|debug|info|warn|warning|print|println|printf|trace|expect|should|console|describe)$/;
const IDLE_LAST = /^(?:_|t|it|test|gettext|tr|sprintf|format)$/;

/** What a call is to security by its name alone. */
export type CallMeaning = 'check' | 'question' | 'cleaning' | 'compare' | 'none';

/** Whether a call that stands alone opens something: `policy.AllowElements(…)`, `csrf.disable()`. */
export function isOpeningName(name: string): boolean {
  return /^(?:allow|permit|disable|trust|skip|ignore|exempt|bypass|expose|unprotect|unlock)$/.test(
    wordsOf(name)[0] ?? '',
  );
}

/** Whether a name demands a part of a program, as `requireEditor` does, and not something of a person, as `requireLogin`. */
export function demandsPart(name: string): boolean {
  const [verb = '', ...rest] = wordsOf(name);
  return /^requires?$/.test(verb) && rest.length > 0 && !rest.includes('post') && !hasWeak(rest.join(' '));
}

const CONSTANT_TIME =
  /^(?:timingsafeequal|comparedigest|constanttimecompare|constanttimeequal\w*|securecompare|isequal)$/;

/** Cleaning that has hardly another purpose than safety. */
export function isSafetyCleaning(name: string): boolean {
  return wordsOf(name).some((word) =>
    /^(?:escape\w*|quote\w*|sanit\w*|clean\w*|normpath|realpath|purify|basename|evalsymlinks|canonical\w*|bleach|redact\w*|htmlescape\w*|encodeuri\w*|mask)$/.test(
      word,
    ),
  );
}

/** Whether a name is that of a thing that filters or guards. */
export function isGuardNoun(name: string): boolean {
  return wordsOf(name).some((word) => GUARD_NOUN.test(word));
}

const GUARD_NOUN =
  /^(?:filters?|guards?|policy|policies|sanitizers?|interceptors?|validators?|firewall|authenticators?|constraints?|restrictions?|blocklist|denylist|blacklist)$/;

/** What is put before a program to protect it: `applyCSRF(request)`, `enableCors()`. */
const GUARDING =
  /^(?:csrf|xsrf|auth|authentication|authorization|seccomp|apparmor|selinux|sandbox|csp|hsts|ratelimit)$/;

/** The meaning of a callee, given all its names: `access.Has`, `this.requireAdmin`, `html.escape`. */
export function meaningOf(names: readonly string[]): CallMeaning {
  const last = names.at(-1) ?? '';
  const words = wordsOf(last);
  const [first = ''] = words;
  const flat = words.join('');
  if (names.some((name) => IDLE.test(name.toLowerCase())) || IDLE_LAST.test(last.toLowerCase())) return 'none';
  if (asksOfForm(last) || /^(?:reject|throw|raise|abort)/.test(flat)) return 'none';
  if (CONSTANT_TIME.test(flat)) return 'compare';
  if (isDenialName(last) && !CHECK_VERB.test(first)) return 'none';
  if (isSafetyCleaning(last)) return 'cleaning';
  if (/(?:deadline|timeout|limit)$/.test(flat) && /^(?:set|with)/.test(flat)) return 'check';
  if (
    /^(?:add|append|register|install|enable|set|apply|use)$/.test(first) &&
    words.some((word) => GUARD_NOUN.test(word))
  )
    return 'check';
  if (/^(?:apply|enable|install)$/.test(first) && words.some((word) => GUARDING.test(word))) return 'check';
  if (DATA_VERB.test(first) || /^(?:mark_)?(?:un)?safe$/.test(words.join('_'))) return 'none';
  if (demandsPart(last)) return 'none';
  if (hasCheckVerb(words)) return names.length === 1 && last === 'require' ? 'none' : 'check';
  if (flat === 'resolve' && (names.length === 1 || names[0] === 'Promise')) return 'none';
  if (CLEANING.test(flat) || words.some((word) => /^(?:sanit\w+|escape[ds]?|purify|quote)$/.test(word)))
    return 'cleaning';
  if (QUESTION.test(first) && words.length > 1) return 'question';
  if (countStrong(last) > 0) return 'question';
  return 'none';
}

/** Names of settings and variables whose `true` protects, or whose `true` opens. */
const PROTECTS =
  /^(?:require[ds]?|verify|check|secure|protect(?:ed)?|strict|private|restrict(?:ed)?|validate|enforce|sign|signed|encrypt(?:ed)?|reject\w*|deny|csrf|xsrf|auth\w*|httponly|sanitize|escape|autoescape|readonly|isolated?|sandbox(?:ed)?|hsts|mfa|otp|captcha|hostname|tls|ssl|safe)$/;
const OPENS =
  /^(?:allow(?:ed|s)?|skip|disable[ds]?|insecure|ignore[ds]?|bypass|public|unsafe|trust(?:ed|s)?|anonymous|permit|expose[ds]?|unrestricted|unprotected|no|without|privileged|shell|debug|dangerously|unverified|everyone|superuser|admin|permissive)$/;

/** +1 when `true` under this name protects, -1 when it opens, 0 when the name says nothing. */
export function polarityOf(name: string): -1 | 0 | 1 {
  const words = wordsOf(name);
  if (words.some((word) => OPENS.test(word))) return -1;
  const protects = words.some((word) => PROTECTS.test(word)) || /^httponly$/i.test(name);
  return protects && !demandsPart(name) ? 1 : 0;
}

/** Whether a text names a header that says who asks, or for whom: it must not go on to another host, nor come from outside. */
export function isCredentialHeader(text: string): boolean {
  return /(?:^|['"`])(?:(?:set-)?cookie2?|host|authorization|proxy-authorization|forwarded|x-(?:forwarded|real|auth|remote|original|csrf|api)[\w-]{0,40}|remote[-_]?user|referer|origin)(?:['"`]|$)/i.test(
    text.slice(0, 400),
  );
}

/** Headers of an answer that tell a browser or a cache to be careful. */
export const SECURITY_HEADER =
  /^(?:content-security-policy|x-frame-options|x-content-type-options|x-xss-protection|strict-transport-security|cache-control|referrer-policy|permissions-policy|cross-origin-(?:opener|embedder|resource)-policy|content-disposition|clear-site-data)$/i;

/** Names of settings whose value matters even when it is no literal. */
export function isSettingName(name: string): boolean {
  if (SECURITY_HEADER.test(name)) return true;
  return /^(?:min_?version|ssl_?version|algorithms?|alg|digest(?:mod)?|hash(?:_?(?:name|algorithm))?|cipher|origins?|same_?site|verify(?:_?mode)?|cert_?reqs|check_?hostname|checkServerIdentity|hostnameVerifier)$/i.test(
    name,
  );
}

const LIST_ALLOWS =
  /^(?:allow\w*|white\w*|permit\w*|accept\w*|safe|trusted|trust|public|exempt\w*|skip\w*|ignore\w*|except\w*|exclude\w*|exclusions?|origins?|hosts|bypass\w*|anonymous|unprotected|open|supported|unauthenticated|scopes|writable|editable|mutable|visible)$/;
const LIST_DENIES =
  /^(?:den(?:y|ied)\w*|block\w*|black\w*|forbid\w*|reserved|banned?|protected|sensitive|private|secrets?|required?|restricted|disallow\w*|hidden|readonly|immutable|dangerous|unsafe|invalid|illegal|redact\w*|mask\w*|filtered|guards?|middlewares?|auth\w*|permissions?|validators?|policies|interceptors|local|prohibited|matcher)$/;

/** +1 when more elements in a list of this name protect more, -1 when they open more. */
export function listPolarityOf(name: string): -1 | 0 | 1 {
  const words = wordsOf(name);
  if (words.some((word) => LIST_ALLOWS.test(word))) return -1;
  return words.some((word) => LIST_DENIES.test(word)) ? 1 : 0;
}

/** A name of a value that narrows what is looked up: an owner, a tenant. */
export function isScopeName(text: string): boolean {
  return wordsOf(text).some((word) =>
    /^(?:owner|user|uid|userid|tenant|org|organization|organisation|repo|repository|project|domain|account|team|group|company|workspace|customer|client|role|scope|principal|namespace|issuer|audience|installation|viewer|member|actor|me)$/.test(
      word,
    ),
  );
}

/** Whether a name is that of a function which gives or refuses access with its result. */
export function isPredicateName(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => CHECK_VERB.test(word)) || QUESTION.test(words[0] ?? '') || countStrong(name) > 0;
}

/** Whether a function answers a question, by its name: `isAllowed`, `can_read`, `verifyToken`. */
export function isQuestionName(name: string): boolean {
  const [first = ''] = wordsOf(name);
  return (
    QUESTION.test(first) || /^(?:verify|check|validate|authori[sz]e|authenticate|ensure|may|match|matches)$/.test(first)
  );
}

/** What a function decides to take out or to make harmless: `shouldRemoveHeader`, `is_redacted`. */
const TAKES_OUT =
  /^(?:remove|strip|stripped|exclude|excluded|redact|redacted|hide|hidden|omit|omitted|block|reject|deny|forbid|censor|mask|masked|escape|sanitize|sanitise|encrypt|verify|validate)$/;

/** `true` means refusal: `isBlocked`, `is_local_host`, `isForbidden`, `shouldStripHeader`. */
export function isRefusingName(name: string): boolean {
  const last = wordsOf(name.slice(name.lastIndexOf('.') + 1));
  if (/^(?:should|is|to|do|will)$/.test(last[0] ?? '') && last.some((word) => TAKES_OUT.test(word))) return true;
  return wordsOf(name).some((word) =>
    /^(?:blocked|banned|denied|forbidden|restricted|protected|locked|expired|invalid|revoked|disabled|malicious|local|private|suspended|reserved|dangerous|unsafe|limited|required|needs|must)$/.test(
      word,
    ),
  );
}
