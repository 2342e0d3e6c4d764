import { weighLogin } from '../servers/directive-rows.ts';
import type { ListRow, OptionRow } from './option-rows.ts';

const isOn = (value: string): boolean => /^(?:true|1|yes|on|enabled|enforced?|required)$/i.test(value);
const isOff = (value: string): boolean => /^(?:false|0|no|off|disabled|never|none)$/i.test(value);
/** Off says as much as on: where it stood, its absence is told. */
const opens = (value: string): number => (isOn(value) ? 1 : isOff(value) ? -1 : 0);
const protects = (value: string): number => -opens(value);
const named = (value: string): number => (value === '' || isOff(value) ? 0 : -1);
const rankOf =
  (ranks: Readonly<Record<string, number>>) =>
  (value: string): number =>
    ranks[value.toLowerCase()] ?? 0;
/** Of a number that protects the more, the greater it is. */
const more = (value: string): number => -(Math.min(Math.max(Number.parseFloat(value) || 0, 0), 1e9) / 1000);
/** Of a number that lets in the more, the greater it is: tries, seconds. */
const fewer = (value: string): number => -more(value);
/** Every address of the machine. */
const everywhere = (value: string): number =>
  /^(?:\*|0\.0\.0\.0|::|\[::\]|_global_|_site_)(?:[,:]|$)/.test(value) ? 1 : 0;

const SWITCH = 'protective-setting-off';
const TLS = 'tls-check-off';

/** Databases, caches and brokers. */
const STORE_ROWS: readonly OptionRow[] = [
  {
    control: SWITCH,
    key: /^(?:bindip|bindipall|listenaddresses|network\.host|http\.host|bindaddress)$/,
    weigh: (value) => everywhere(value) || opens(value),
  },
  {
    control: TLS,
    key: /^mode$/,
    within: /\b(?:tls|ssl)\.mode$/i,
    weigh: rankOf({ requiretls: -3, requiressl: -3, prefertls: -2, allowtls: -1, strict: -3, full: -3 }),
  },
  { control: TLS, key: /^(?:ssl|sslmode|tls)$/, within: /postgres|pgsql|pg\//i, weigh: protects },
  { control: SWITCH, key: /^passwordencryption$/, weigh: rankOf({ 'scram-sha-256': -2, md5: -1 }) },
  {
    control: SWITCH,
    key: /^(?:rowsecurity|logconnections|logdisconnections|auditlogging|xpack\.security\.audit\.enabled)$/,
    weigh: protects,
    severity: 'medium',
  },
  {
    control: SWITCH,
    key: /^(?:localinfile|showcompatibility56|symboliclinks|allowsuspiciousudfs|skipnetworking\.never|anonymousenabled|anonymousauthentication|allowemptypassword|mysqlallowemptypassword)$/,
    weigh: opens,
  },
  { control: SWITCH, key: /^found$/, within: /allow\.everyone\.if\.no\.acl/i, weigh: opens },
  { control: SWITCH, key: /^name$/, within: /authorizer\.class\.name$/i, weigh: named },
  {
    control: TLS,
    key: /^auth$/,
    within: /client\.auth$/i,
    weigh: rankOf({ required: -2, need: -2, requested: -1, want: -1 }),
  },
  { control: TLS, key: /^algorithm$/, within: /identification\.algorithm$/i, weigh: named },
  {
    control: TLS,
    key: /^(?:listeners|advertised\.listeners|protocol|map)$/,
    within: /listeners?|broker\.protocol|security\.protocol/i,
    weigh: (value) => (/\b(?:SASL_)?PLAINTEXT\b/.test(value) ? 1 : 0),
  },
  {
    control: TLS,
    key: /^(?:verify|failifnopeercert)$/,
    within: /ssl_?options/i,
    weigh: (value) => (value === 'verify_peer' ? -1 : value === 'verify_none' ? 1 : protects(value)),
  },
  { control: SWITCH, key: /^guest$/, within: /loopback_users/i, weigh: protects },
];

/** Who signs in, how, and for how long: Keycloak, Auth0, Supabase, Hasura, Spring. */
const IDENTITY_ROWS: readonly OptionRow[] = [
  { control: TLS, key: /^sslrequired$/, weigh: rankOf({ all: -2, external: -1 }) },
  {
    control: SWITCH,
    key: /^(?:bruteforceprotected|verifyjwt|enableconfirmations|doubleconfirmchanges|consentrequired|oidcconformant|refreshtokenrotationenabled|requirepkce|revokerefreshtoken|sendverificationemail)$/,
    weigh: protects,
  },
  {
    control: SWITCH,
    key: /^(?:registrationallowed|directaccessgrantsenabled|implicitflowenabled|fullscopeallowed|resetpasswordallowed|enablesignup|enableanonymoussignins|editusernameallowed|allowanonymousread|allowsignup|autoassignadmin|allowembedding)$/,
    weigh: opens,
  },
  {
    control: SWITCH,
    key: /^passwordpolicy$/,
    weigh: (value) =>
      -value.split(/\s+and\s+/).filter((part) => part !== '').length -
      Number(/length\((\d{1,4})\)/.exec(value)?.[1] ?? 0) / 100,
  },
  {
    control: SWITCH,
    key: /^(?:accesstokenlifespan|ssosessionidletimeout|ssosessionmaxlifespan|jwtexpiry|tokenlifetime|accesstokenlifetime|refreshtokenlifetime|sessiontimeout|accesstokenttl|tokenttl|maxsessionduration)$/,
    weigh: fewer,
  },
  { control: SWITCH, key: /^tokenendpointauthmethod$/, weigh: (value) => (value === 'none' ? 1 : -1) },
  {
    control: SWITCH,
    key: /^(?:alg|algorithm|signingalg|jwtalgorithm|idtokensignedresponsealg)$/,
    within: /jwt|token|oidc|saml|sign/i,
    weigh: (value) => (/^none$/i.test(value) ? 2 : /^(?:RS|ES|PS)\d|^EdDSA/i.test(value) ? -1 : 0),
  },
  {
    control: SWITCH,
    key: /^(?:enabled|active)$/,
    within: /(?:brute|breached|suspicious|attack|anomaly)\w{0,30}\.(?:enabled|active)$/i,
    weigh: protects,
  },
  { control: SWITCH, key: /^audiences?$/, within: /jwt|oauth|oidc|resourceserver/i, weigh: named },
  { control: SWITCH, key: /^(?:authorizer|defaultauthorizer|apikeyrequired|authorizationscopes)$/, weigh: named },
  { control: SWITCH, key: /./, within: /_permissions\b.{0,200}\.(?:filter|check)\../, weigh: () => -1 },
  {
    control: SWITCH,
    key: /^(?:maxretry|maxattempts|maxloginattempts|maxfailedattempts|maxfailedloginattempts|lockoutthreshold|failurefactor)$/,
    weigh: fewer,
  },
  { control: SWITCH, key: /^(?:bantime|lockoutduration|lockoutdurationinminutes)$/, weigh: more, severity: 'medium' },
  { control: SWITCH, key: /^enabled$/, within: /jail|fail2ban/i, weigh: protects },
];

/** Machines: the kernel, Docker, first boot, Ansible, PHP. */
const MACHINE_ROWS: readonly OptionRow[] = [
  {
    control: SWITCH,
    key: /^(?:unprivilegedbpfdisabled|kptrrestrict|rpfilter|ptracescope|dmesgrestrict|randomizevaspace|protectedsymlinks|protectedhardlinks|protectedfifos|tcpsyncookies|perfeventparanoid)$/,
    weigh: (value) => more(value),
  },
  {
    control: SWITCH,
    key: /^(?:acceptredirects|acceptsourceroute|sendredirects|unprivilegedusernsclone|suiddumpable)$/,
    within: /kernel\.|net\.|fs\./,
    weigh: (value) => fewer(value),
  },
  { control: SWITCH, key: /^(?:usernsremap|nonewprivileges)$/, weigh: named },
  { control: SWITCH, key: /^(?:icc|userlandproxy\.never)$/, within: /daemon\.json/, weigh: opens },
  { control: SWITCH, key: /^(?:sshpwauth|allowurlinclude|displayerrors|exposephp|disablemlock)$/, weigh: opens },
  {
    control: SWITCH,
    key: /^(?:disableroot|lockpasswd|nolog|cookiehttponly|cookiesecure|openbasedir|usestrictmode)$/,
    weigh: (value) => protects(value) || (/^\//.test(value) ? -1 : 0),
  },
  { control: TLS, key: /^tlsdisable$/, weigh: opens },
  { control: SWITCH, key: /^sudo$/, weigh: (value) => (/NOPASSWD/.test(value) ? 1 : 0) },
  { control: SWITCH, key: /^state$/, within: /selinux/i, weigh: rankOf({ enforcing: -2, permissive: -1 }) },
  { control: SWITCH, key: /^(?:line|regexp\.never)$/, weigh: weighLogin },
  { control: 'container-opened', key: /^defaultaction$/, weigh: (value) => (/ALLOW|LOG/.test(value) ? 1 : -1) },
];

/** What decides what gets into a cluster or a branch: Argo, Flux, Kyverno, Gatekeeper, Envoy, rulesets, Jenkins. */
const DELIVERY_ROWS: readonly OptionRow[] = [
  {
    control: SWITCH,
    key: /^targetrevision$/,
    weigh: (value) => (/^[0-9a-f]{40}$/.test(value) ? -2 : /^v?\d+\.\d+/.test(value) ? -1 : 0),
  },
  { control: SWITCH, key: /^project$/, within: /\bspec\.project$/, weigh: (value) => (value === 'default' ? 1 : 0) },
  {
    control: 'rbac-widened',
    key: /(?:^|\.)default$/,
    within: /policy\.default$/,
    weigh: (value) => (/admin/i.test(value) ? 2 : /^(?:role:readonly|)$/.test(value) ? 0 : 1),
  },
  { control: SWITCH, key: /^(?:mode|provider)$/, within: /\bspec\.verify\.(?:mode|provider)$/, weigh: named },
  {
    control: 'admission-loosened',
    key: /^(?:namespaces|kinds|names|operations|subjects|roles|clusterroles)$/,
    within: /\bspec\.rules\b.{0,200}\.exclude\b/,
    weigh: () => 1,
    severity: 'high',
  },
  { control: TLS, key: /^trustchainverification$/, weigh: (value) => (/ACCEPT_UNTRUSTED/i.test(value) ? 1 : 0) },
  { control: TLS, key: /^(?:filename|inlinestring)$/, within: /trusted_ca\./, weigh: named },
  {
    control: SWITCH,
    key: /^enforcement$/,
    within: /ruleset|enforcement$/i,
    weigh: rankOf({ active: -2, evaluate: -1 }),
  },
  {
    control: SWITCH,
    key: /^type$/,
    within: /\brules\.\w{1,60}\.type$/,
    weigh: (value) => (/^[a-z_]+$/.test(value) ? -1 : 0),
  },
  {
    control: SWITCH,
    key: /^permission$/,
    within: /collaborators|teams|settings\.ya?ml/i,
    weigh: rankOf({ pull: 0, triage: 1, push: 2, maintain: 3, admin: 4 }),
  },
  {
    control: 'check-configuration-loosened',
    key: /^alert$/,
    weigh: (value) =>
      /login|auth|fail|attack|intru|secur|breach|token|cert|waf|abuse|brute|audit|privil/i.test(value) ? -1 : 0,
    severity: 'high',
  },
];

/** Headers that tell a browser to be careful, as hosts of pages take them. */
const HEADER =
  /^(?:xframeoptions|contentsecuritypolicy|stricttransportsecurity|xcontenttypeoptions|referrerpolicy|permissionspolicy|crossorigin(?:opener|embedder|resource)policy)$/;
const HEADER_ROWS: readonly OptionRow[] = [
  { control: SWITCH, key: HEADER, weigh: weighHeaderValue },
  {
    control: SWITCH,
    key: /^value$/,
    within:
      /headers\b.{0,300}\.(?:X-Frame-Options|Content-Security-Policy|Strict-Transport-Security|X-Content-Type-Options|Referrer-Policy|Permissions-Policy)\.value$/i,
    weigh: weighHeaderValue,
  },
];

/** How many of the things that empty such a header of its meaning stand in it. */
function weighHeaderValue(value: string): number {
  const loose = [
    "'unsafe-inline'",
    "'unsafe-eval'",
    ' * ',
    ' data: ',
    ' https: ',
    ' http: ',
    'max-age=0',
    'ALLOWALL',
    'unsafe-url',
  ];
  return -1 + loose.filter((word) => `${value.replace(/;/g, ' ')} `.includes(word)).length / 10;
}

export const SERVICE_ROWS: readonly OptionRow[] = [
  ...STORE_ROWS,
  ...MACHINE_ROWS,
  ...DELIVERY_ROWS,
  ...HEADER_ROWS,
  ...IDENTITY_ROWS,
];

const letsIn = { control: 'list-widened', kind: 'lets-in', severity: 'high' } as const;
const keepsOut = { control: 'list-shrunk', kind: 'keeps-out', severity: 'high' } as const;

export const SERVICE_LISTS: readonly ListRow[] = [
  { ...letsIn, key: /^(?:hosts|insecureregistries)$/, within: /daemon\.json/ },
  {
    ...letsIn,
    key: /^(?:bypassactors|granttypes|allowedgranttypes|sourcerepos|clusterresourcewhitelist|hostpermissions|externallyconnectable)$/,
  },
  { ...letsIn, key: /^(?:permissions|optionalpermissions|matches)$/, within: /manifest\.json/ },
  { ...letsIn, control: 'admission-loosened', key: /^(?:excludednamespaces|excludednamespacelabels)$/ },
  { ...letsIn, control: 'container-opened', key: /^names$/, within: /syscalls\b/ },
  { ...keepsOut, key: /^(?:contexts|checks)$/, within: /required_?status_?checks/i },
  { ...keepsOut, key: /^middlewares$/, within: /routers\b/ },
  { ...keepsOut, key: /^disable(?:functions|classes)$/ },
];
