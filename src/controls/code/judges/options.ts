import type { Severity } from '../../../findings/index.ts';
import type { Direction } from '../../model.ts';
import type { OptionFact } from '../facts/index.ts';
import { countStrong, polarityOf, SECURITY_HEADER } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';

/** Settings whose meaning is known whatever the framework. `good` and `bad` are values, `less` and `more` numbers. */
interface KnownOption {
  readonly name: RegExp;
  readonly control: string;
  readonly bad?: RegExp;
  readonly order?: readonly string[];
  /** Which way a number weakens. */
  readonly weaker?: 'less' | 'more';
  readonly severity: Severity;
  /** What it does to take the setting away. */
  readonly removed: 'weakened' | 'none';
  readonly meta?: boolean;
}

const NO = /^(?:false|0|no|off|none|null|nil|undefined|None)$/i;
const YES = /^(?:true|1|yes|on|\*)$/i;

const KNOWN: readonly KnownOption[] = [
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
    name: /^(?:max_?age|expires_?in|expiry|expiration|ttl|lifetime|session_?(?:timeout|ttl|length)|token_?(?:ttl|lifetime|expiry)|\w*lifetime\w*|\w*expir\w*)$/i,
    control: 'lifetime-raised',
    weaker: 'more',
    bad: /^(?:0|null|None|undefined|-1|never)$/i,
    severity: 'medium',
    removed: 'weakened',
  },
  {
    name: /^(?:max_?(?:attempts|retries|tries|failures|login_?attempts)|lockout_?\w+|rate_?limit|limit|max_?(?:\w{0,30}_?)(?:size|length|depth|body|bytes|redirects|requests|connections|fields|files|parts|params)|body_?limit|file_?size)$/i,
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
    name: SECURITY_HEADER,
    control: 'security-header-removed',
    bad: /^['"]?(?:unsafe-none|allowall|public\b.*|0|inline\b.*|.*'unsafe-(?:inline|eval)'.*)['"]?$/i,
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
    name: /^(?:noEnt|resolve_entities|external-general-entities|expandEntityReferences|load_dtd)$/i,
    control: 'entities-enabled',
    bad: YES,
    severity: 'high',
    removed: 'none',
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
    name: /^(?:contextIsolation|webSecurity|sandbox)$/,
    control: 'isolation-off',
    bad: NO,
    severity: 'high',
    removed: 'none',
  },
];

/** Settings that decide how much is protected. */
export function judgeOptions(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('option');
  const used = new Set<OptionFact>();
  const judgements: Judgement[] = [];
  for (const before of gone) {
    const scope = sides.successorOf(before.scope)?.name;
    const candidates = come.filter((option) => !used.has(option) && option.name === before.name);
    const after =
      candidates.find((option) => option.scope === scope && option.holder === before.holder) ??
      candidates.find((option) => option.scope === scope);
    if (after === undefined) judgements.push(...(scope === undefined ? [] : judgeRemoved(before, sides)));
    else {
      used.add(after);
      judgements.push(...judgeChanged(before, after));
    }
  }
  for (const after of come) if (!used.has(after)) judgements.push(...judgeAdded(after, sides));
  return judgements;
}

function knownOf(option: OptionFact): KnownOption | undefined {
  return KNOWN.find(
    ({ name, weaker }) =>
      name.test(option.name) && (weaker === undefined || option.literal === 'number' || option.literal === 'null'),
  );
}

function rankOf(known: KnownOption, value: string): number | undefined {
  const text = value.toLowerCase().replace(/^['"]|['"]$/g, '');
  const index = known.order?.findIndex(
    (one) =>
      one.toLowerCase() === text ||
      text.endsWith(`.${one.toLowerCase()}`) ||
      text.endsWith(`version${one.toLowerCase()}`),
  );
  return index === undefined || index < 0 ? undefined : index;
}

function judgeChanged(before: OptionFact, after: OptionFact): readonly Judgement[] {
  if (before.value === after.value) return [];
  const name = clip(
    [after.holder.split('.').at(-1), after.name].filter((part) => part !== '' && part !== undefined).join('.'),
    60,
  );
  const message = `\`${name}\`${inScope(after.scope)} was \`${clip(before.value, 50)}\` and is \`${clip(after.value, 50)}\` now.`;
  const base = { group: 'option', subject: `${after.holder}.${after.name}`, before, after, message } as const;
  const known = knownOf(after) ?? knownOf(before);
  if (known) {
    const direction = directionOf(known, before, after);
    if (direction === undefined) return [];
    const severity = direction === 'weakened' ? known.severity : 'low';
    return [
      {
        ...base,
        control: known.control,
        direction,
        severity,
        confidence: 'high',
        meta: direction === 'weakened' && known.meta === true,
      },
    ];
  }
  return judgeByName(before, after, base);
}

function directionOf(known: KnownOption, before: OptionFact, after: OptionFact): Direction | undefined {
  const wasBad = known.bad?.test(before.value) === true;
  const isBad = known.bad?.test(after.value) === true;
  if (wasBad !== isBad) return isBad ? 'weakened' : 'strengthened';
  const [was, is] = [rankOf(known, before.value), rankOf(known, after.value)];
  if (was !== undefined && is !== undefined) return is < was ? 'weakened' : is > was ? 'strengthened' : undefined;
  const numbers = [Number(before.value), Number(after.value)];
  const [old = Number.NaN, now = Number.NaN] = numbers;
  if (known.weaker === undefined || !numbers.every(Number.isFinite) || old === now) return undefined;
  return now < old === (known.weaker === 'less') ? 'weakened' : 'strengthened';
}

function judgeByName(
  before: OptionFact,
  after: OptionFact,
  base: Pick<Judgement, 'group' | 'subject' | 'before' | 'after' | 'message'>,
): readonly Judgement[] {
  const polarity = polarityOf(after.name);
  if (before.literal === 'boolean' && after.literal === 'boolean' && polarity !== 0) {
    const opened = YES.test(after.value) === (polarity === -1);
    return [
      {
        ...base,
        control: opened ? 'security-option-weakened' : 'security-option-strengthened',
        direction: opened ? 'weakened' : 'strengthened',
        severity: opened ? 'high' : 'low',
      },
    ];
  }
  if (polarity === 0 && countStrong(after.name) === 0) return [];
  if (before.literal === 'other' && after.literal === 'other') return [];
  return [
    { ...base, control: 'security-option-changed', direction: 'changed', severity: polarity === 0 ? 'low' : 'medium' },
  ];
}

function judgeRemoved(before: OptionFact, sides: Sides): readonly Judgement[] {
  const holderLeft =
    before.holder === '' ||
    sides.after.facts.some(
      (fact) =>
        (fact.kind === 'option' && fact.holder === before.holder) ||
        (fact.kind === 'call' && before.holder.split('.').some((name) => fact.names.includes(name))),
    );
  const known = knownOf(before);
  const wasBad = known?.bad?.test(before.value) === true;
  const message = `\`${clip(before.name, 60)}: ${clip(before.value, 50)}\` is gone${inScope(before.scope)}.`;
  const base = { group: 'option', subject: `${before.holder}.${before.name}`, before, message } as const;
  if (known) {
    if (known.order !== undefined && rankOf(known, before.value) === undefined) return [];
    if (wasBad) return [{ ...base, control: known.control, direction: 'strengthened', severity: 'low' }];
    if (known.removed === 'none' && known.bad !== undefined && !/^(?:true|\d)/i.test(before.value)) return [];
    return [
      {
        ...base,
        control: known.control,
        direction: 'weakened',
        severity: holderLeft && known.removed === 'weakened' ? known.severity : 'medium',
      },
    ];
  }
  const polarity = polarityOf(before.name);
  const isOn = before.literal === 'boolean' && YES.test(before.value) === (polarity === 1);
  const isCheck =
    before.literal === 'other' && !before.value.includes('(') && /^(?:sanit|escap|valid|verif)/i.test(before.name);
  if (polarity === 0 || !(isOn || isCheck)) return [];
  return [
    {
      ...base,
      control: 'security-option-removed',
      direction: 'weakened',
      severity: holderLeft && polarity === 1 ? 'high' : 'medium',
    },
  ];
}

function judgeAdded(after: OptionFact, sides: Sides): readonly Judgement[] {
  const known = knownOf(after);
  const message = `\`${clip(after.name, 60)}: ${clip(after.value, 50)}\` was added${inScope(after.scope)}.`;
  const base = { group: 'option', subject: `${after.holder}.${after.name}`, after, message } as const;
  if (known?.bad?.test(after.value) === true && known.weaker === undefined) {
    return [
      {
        ...base,
        control: known.control,
        direction: 'weakened',
        severity: known.severity,
        confidence: 'high',
        meta: known.meta === true,
      },
    ];
  }
  const rank = known === undefined ? undefined : rankOf(known, after.value);
  if (known?.control === 'algorithm-weakened' && rank !== undefined && rank < 12) {
    return [{ ...base, control: known.control, direction: 'weakened', severity: 'medium' }];
  }
  const polarity = polarityOf(after.name);
  if (after.literal !== 'boolean' || polarity === 0 || !sides.isKept(after.scope)) return [];
  const opens = YES.test(after.value) === (polarity === -1);
  if (!opens) return [{ ...base, control: 'security-option-strengthened', direction: 'strengthened', severity: 'low' }];
  return [
    {
      ...base,
      control: 'security-option-weakened',
      direction: 'weakened',
      severity: countStrong(after.name) > 0 ? 'medium' : 'low',
    },
  ];
}
