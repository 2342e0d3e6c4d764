import type { Severity } from '../../../findings/index.ts';
import { CLOUD_ROWS } from './cloud-rows.ts';
import { FRAMEWORK_ROWS } from './framework-rows.ts';
import { PACKAGE_LISTS, PACKAGE_ROWS } from './package-rows.ts';
import { SERVICE_LISTS, SERVICE_ROWS } from './service-rows.ts';

/** A key of any structured file whose value opens or closes something. */
export interface OptionRow {
  readonly control: string;
  /** Of the key without case, `-` and `_`. */
  readonly key: RegExp;
  /** Of the whole way to it, joined with dots; for keys that mean something in one place only. */
  readonly within?: RegExp;
  /** Above 0 opens, below 0 protects, 0 says nothing. */
  readonly weigh: (value: string) => number;
  readonly severity?: Severity;
}

const on = (value: string): boolean => /^(?:true|1|yes|on|enabled|always|required)$/i.test(value);
const off = (value: string): boolean => /^(?:false|0|no|off|disabled|never|none|disable|insecure)$/i.test(value);

const opens = (value: string): number => (on(value) ? 1 : 0);
const protects = (value: string): number => (on(value) ? -1 : off(value) ? 1 : 0);
const rankOf =
  (ranks: Readonly<Record<string, number>>) =>
  (value: string): number =>
    ranks[value.toLowerCase()] ?? 0;

/** Kubernetes, Compose, Terraform as JSON: what a container may do to its host. */
const CONTAINER_ROWS: readonly OptionRow[] = [
  {
    control: 'container-opened',
    key: /^(?:privileged|allowprivilegeescalation|hostnetwork|hostpid|hostipc|hostusers|dockerprivileged)$/,
    weigh: opens,
  },
  {
    control: 'container-opened',
    key: /^(?:runasnonroot|readonlyrootfilesystem|readonly)$/,
    within: /securityContext|services\.|containers?\b|spec\b/i,
    weigh: protects,
    severity: 'medium',
  },
  {
    control: 'container-opened',
    key: /^(?:runasuser|user|runasgroup)$/,
    within: /securityContext|services\./i,
    weigh: (value) => (/^(?:0|root)(?::|$)/.test(value) ? 1 : -1),
  },
  {
    control: 'container-opened',
    key: /^(?:networkmode|pid|ipc|usernsmode|uts)$/,
    within: /services\.|containers?\b/i,
    weigh: (value) => (/^host$|^container:/.test(value) ? 1 : 0),
  },
  {
    control: 'container-opened',
    key: /^type$/,
    within: /seccompProfile|appArmorProfile/i,
    weigh: rankOf({ unconfined: 1, runtimedefault: -1, localhost: -1 }),
  },
  {
    control: 'container-opened',
    key: /^automountserviceaccounttoken$/,
    weigh: (value) => (off(value) ? -1 : on(value) ? 1 : 0),
    severity: 'medium',
  },
  { control: 'container-opened', key: /^procmount$/, weigh: rankOf({ unmasked: 1 }) },
  {
    control: 'admission-loosened',
    key: /^(?:podsecurity\.kubernetes\.io\/(?:enforce|audit|warn))$/,
    weigh: rankOf({ privileged: 1, baseline: -1, restricted: -2 }),
  },
  {
    control: 'admission-loosened',
    key: /^(?:failurepolicy|validationfailureaction|enforcementaction)$/,
    weigh: rankOf({ ignore: 1, audit: 1, dryrun: 1, warn: 1, fail: -1, enforce: -1, deny: -1 }),
  },
];

/** Switches of applications and clients, by the names that libraries give them. */
const APPLICATION_ROWS: readonly OptionRow[] = [
  {
    control: 'tls-check-off',
    key: /^(?:insecureskipverify|insecureskiptlsverify|skiptlsverify|tlsskipverify|skipverify|insecure|allowinsecure|trustservercertificate|acceptinsecurecerts|skipsslvalidation|insecureregistry|allowselfsigned|noverify(?:ssl)?|disablessl\w{0,20})$/,
    weigh: opens,
  },
  {
    control: 'tls-check-off',
    key: /^(?:rejectunauthorized|sslverify|verifyssl|verifytls|tlsverify|strictssl|verifycertificates?|validatecerts?|checkhostname|verifypeer|verifyhost|sslenabled|requiretls|forcessl|sslredirect|httpsonly|usessl|usetls|encrypted|storageencrypted|encryptionatrest|requiressl|securesslredirect)$/,
    weigh: protects,
  },
  {
    control: 'tls-check-off',
    key: /^(?:verify|tls|ssl)$/,
    within: /client|http|tls|ssl|request|smtp|ldap|db|database|redis|proxy|upstream|server/i,
    weigh: (value) => (off(value) ? 1 : 0),
  },
  {
    control: 'tls-check-off',
    key: /^sslmode$/,
    weigh: rankOf({
      ...{ disable: 2, allow: 2, prefer: 1, require: 0, 'verify-ca': -1, 'verify-full': -2 },
      ...{ allow_unencrypted_and_encrypted: 1, encrypted_only: -1, trusted_client_certificate_required: -2 },
    }),
  },
  {
    control: 'tls-check-off',
    key: /^(?:tls)?min(?:imum)?(?:tls|protocol|ssl)?version$/,
    weigh: tlsRank,
    severity: 'medium',
  },
  { control: 'tls-check-off', key: /^nodetlsrejectunauthorized$/, weigh: (value) => (value === '0' ? 1 : 0) },
  {
    control: 'protective-setting-off',
    key: /^(?:debug|debugmode|appdebug|djangodebug|flaskdebug|allowanonymous(?:access)?|anonymousauth|anonymousaccess|publicaccess|publiclyaccessible|publicread|allowany|allowall|allowguest\w{0,10}|skipauth\w{0,20}|disableauth\w{0,20}|authdisabled|noauth|unsafe\w{0,20}|allowunsafe\w{0,20}|corsalloworiginall|corsalloweverything|corsallowallorigins|allowallorigins|allowcredentials|acceptanyorigin|permitall)$/,
    weigh: opens,
  },
  {
    control: 'protective-setting-off',
    key: /^(?:httponly|securecookie|cookiesecure|sessioncookiesecure|csrfcookiesecure|sessioncookiehttponly|csrf(?:protection|enabled)?|xsrf\w{0,20}|requireauth\w{0,20}|requirelogin|authrequired|authenabled|enableauth\w{0,20}|authentication|authorization|rbac(?:enabled)?|requiremfa|mfa(?:required|enabled)?|requirepassword|ratelimit(?:enabled|ing)?|auditlog\w{0,10}|enableaudit\w{0,10}|helmet|hsts(?:enabled)?|blockpublicacls|blockpublicpolicy|ignorepublicacls|restrictpublicbuckets|deletionprotection|enforceuserauth|verifyemail|signed|requiresignedcommits|validateissuer|validateaudience|validatelifetime|verifysignature)$/,
    weigh: protects,
  },
  {
    control: 'protective-setting-off',
    key: /^samesite$/,
    weigh: rankOf({ none: 1, lax: -1, strict: -2 }),
    severity: 'medium',
  },
];

function tlsRank(value: string): number {
  const version = /1[._]?([0-3])/.exec(value)?.[1];
  return version === undefined ? 0 : -Number(version);
}

/** Protection of branches, as settings files of forges write it. */
const REPOSITORY_ROWS: readonly OptionRow[] = [
  {
    control: 'protective-setting-off',
    key: /^(?:enforceadmins|requirecodeownerreviews|requirecodeownerreview|dismissstalereviews|dismissstalereviewsonpush|requirelastpushapproval|requiredlinearhistory|requiredsignatures|requiredconversationresolution|onlyallowmergeifpipelinesucceeds|preventsecrets|rejectunsignedcommits|codeownerapprovalrequired)$/,
    weigh: protects,
  },
  {
    control: 'protective-setting-off',
    key: /^(?:allowforcepushes|allowdeletions|allowforcepush|mergerequestsauthorapproval|allowadminbypass)$/,
    weigh: opens,
  },
  {
    control: 'protective-setting-off',
    key: /^(?:requiredapprovingreviewcount|approvalsbeforemerge|approvalsrequired)$/,
    weigh: numberBelow,
  },
];

/** Compilers, linters and coverage: how strict they are. */
const STRICTNESS_ROWS: readonly OptionRow[] = [
  {
    control: 'check-configuration-loosened',
    key: /^(?:strict|strictnullchecks|noimplicitany|strictfunctiontypes|nouncheckedindexedaccess|exactoptionalpropertytypes|useunknownincatchvariables|warnunusedignores|disallowuntypeddefs|checkuntypeddefs|failunder(?:strict)?|failoncoverage\w{0,20}|reportunuseddisabledirectives|warningsaserrors|treatwarningsaserrors|denywarnings)$/,
    weigh: protects,
    severity: 'medium',
  },
  {
    control: 'check-configuration-loosened',
    key: /^(?:skiplibcheck|ignoreerrors|ignorebuilderrors|ignoreduringbuilds|passwithnotests|allowjs\.never|continueonerror|softfail|allowempty|bail\.never)$/,
    weigh: opens,
    severity: 'medium',
  },
  // Updates of dependencies that nobody looks at, and how long a new version must have been out.
  { control: 'check-configuration-loosened', key: /^automerge$/, weigh: opens, severity: 'high' },
  {
    control: 'threshold-lowered',
    key: /^(?:minimumreleaseage|minreleaseage|stabilitydays|defaultdays)$/,
    weigh: numberBelow,
    severity: 'high',
  },
  {
    control: 'threshold-lowered',
    key: /^(?:branches|functions|lines|statements|minimum|mincoverage|coveragethreshold|failunder|failbelow|target|percentage|score|qualitygate)$/,
    within: /cover|threshold|nyc|codecov|c8|report|check/i,
    weigh: numberBelow,
    severity: 'medium',
  },
  {
    control: 'threshold-lowered',
    key: /^(?:threshold|maxwarnings|maxcomplexity|maxallowed\w{0,20})$/,
    within: /cover|warn|lint|codecov|complex/i,
    weigh: (value) => -numberBelow(value),
    severity: 'low',
  },
  {
    control: 'threshold-lowered',
    key: /^(?:severitythreshold|failonseverity|failon|auditlevel|severity|confidence|minseverity)$/,
    within: /^(?!.*rules?\.).*(?:audit|scan|bandit|gosec|trivy|grype|snyk|semgrep|dependency|osv|failon|severity)/i,
    weigh: rankOf({ low: -4, medium: -3, moderate: -3, high: -2, critical: -1, none: 0, never: 0 }),
    severity: 'medium',
  },
];

function numberBelow(value: string): number {
  const number = Number.parseFloat(value);
  return Number.isFinite(number) && Math.abs(number) < 1e9 ? -number / 1000 : 0;
}

export const OPTION_ROWS: readonly OptionRow[] = [
  ...CONTAINER_ROWS,
  ...APPLICATION_ROWS,
  ...REPOSITORY_ROWS,
  ...STRICTNESS_ROWS,
  ...CLOUD_ROWS,
  ...FRAMEWORK_ROWS,
  ...SERVICE_ROWS,
  ...PACKAGE_ROWS,
];

/** A key whose list lets something in, or keeps something out. */
export interface ListRow {
  readonly control: string;
  readonly key: RegExp;
  readonly within?: RegExp;
  readonly kind: 'lets-in' | 'keeps-out';
  readonly severity?: Severity;
}

export const LIST_ROWS: readonly ListRow[] = [
  {
    control: 'list-widened',
    kind: 'lets-in',
    key: /^(?:allowedhosts|trustedhosts|alloworigins?|allowedorigins?|corsorigins?|corsallowedorigins|corsoriginwhitelist|corsoriginregexwhitelist|accesscontrolalloworigin|csrftrustedorigins|trustedproxies|trustedorigins|allowlist|whitelist|allowedips?|allowedcidrs?|allowcidrs?|allowedemaildomains|alloweddomains|allowedusers|allowedredirect(?:uri|url)s?|redirecturis?|callbackurls?|allowedendpoints|allowedgroups|admins?|adminusers|superusers|noproxy|egress(?:allow)?hosts?|scriptsrc|connectsrc|defaultsrc|framesrc|permittedhosts|hostallowlist|domains)$/,
  },
  {
    control: 'list-widened',
    kind: 'lets-in',
    key: /^(?:hosts|domains|allow|allowed|origins?|endpoints)$/,
    within: /egress|cors|allowlist|outbound|firewall|proxy\.allow|csp/i,
  },
  {
    control: 'list-shrunk',
    kind: 'keeps-out',
    key: /^(?:denylist|blocklist|blacklist|deniedhosts|blockedhosts|blockedips?|denyhosts|deniedusers|blockedusers|forbidden\w{0,20}|disallowed\w{0,20}|deniedpaths|blockeddomains|protectedpaths|protectedbranches|sensitivekeys|redact(?:keys|paths|fields)?|scrub\w{0,20}|filterparameters)$/,
  },
  {
    control: 'container-opened',
    kind: 'lets-in',
    key: /^(?:capadd|add)$/,
    within: /capabilit|services\.|capAdd|cap_add/i,
  },
  {
    control: 'container-opened',
    kind: 'keeps-out',
    key: /^(?:capdrop|drop)$/,
    within: /capabilit|services\.|cap_drop/i,
    severity: 'medium',
  },
  { control: 'container-opened', kind: 'lets-in', key: /^securityopt$/, severity: 'high' },
  // Vault: what a token may do at a path.
  { control: 'list-widened', kind: 'lets-in', key: /^capabilities$/, within: /(?:^|\s)path\./, severity: 'high' },
  ...SERVICE_LISTS,
  ...PACKAGE_LISTS,
];

/** Keys of checking tools that leave something out, by the name of the tool's file. */
export const EXCLUSION_KEYS =
  /^(?:ignore|ignores|ignored|ignorepatterns|ignorepaths|ignorefiles|exclude|excludes|excluded|excludepaths|excludedirs|excludefiles|excluderules|excludeusedefault|skip|skips|skippaths|skipdirs|skipfiles|skipcheck|skipquery|disable|disabled|disabledrules|disablerules|allowlist|allowlists|paths|regexes|stopwords|extendignore|perfileignores|suppress|suppressions|baseline|excludedpaths|excludeids|ignorecve|ignoredvulns|ignoredvulnerabilities|vulnerability|testpathignorepatterns|coveragepathignorepatterns|omit|collectcoveragefromignored|allow|allowghsas|allowlicenses)$/;
/** Keys of the same files that name what is looked for. */
export const INCLUSION_KEYS =
  /^(?:select|extendselect|enable|enabled|enablerules|tests|plugins|extends|rulesets|queries|packs|checks|scanners|securitychecks|include|id)$/;
