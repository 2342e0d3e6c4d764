import type { OptionRow } from './option-rows.ts';

const isOn = (value: string): boolean => /^(?:true|1|yes|on|enabled|required)$/i.test(value);
const isOff = (value: string): boolean => /^(?:false|0|no|off|disabled|suspended|optional|none)$/i.test(value);
const opens = (value: string): number => (isOn(value) ? 1 : 0);
const protects = (value: string): number => (isOn(value) ? -1 : isOff(value) ? 1 : 0);
/** A key or a certificate is named: that it is there counts, not which. */
const named = (value: string): number => (value === '' ? 0 : -1);

/** Days that something is kept, in steps: to keep records a little shorter is housekeeping, to keep none is not. */
function keeps(value: string): number {
  const days = Number.parseFloat(value);
  if (!Number.isFinite(days) || days <= 0) return 0;
  return days < 7 ? -1 : days < 30 ? -2 : -3;
}

const SWITCH = 'protective-setting-off';

/** What protects data in a cloud: the names that Terraform, CloudFormation, Pulumi, Ansible and ARM templates share. */
const STORAGE_ROWS: readonly OptionRow[] = [
  {
    control: SWITCH,
    key: /^(?:preventdestroy|enabledeletionprotection|deletionprotectionenabled|terminationprotection|disableapitermination|purgeprotectionenabled|enablepurgeprotection|softdeleteenabled|enforceworkgroupconfiguration|objectlockenabled|deleteprotection)$/,
    weigh: protects,
  },
  {
    control: SWITCH,
    key: /^(?:skipfinalsnapshot|forcedestroy|forcedelete|deletecontentsondestroy)$/,
    weigh: opens,
  },
  { control: SWITCH, key: /^deletionpolicy$/, weigh: (value) => (/^(?:retain|snapshot)/i.test(value) ? -1 : 0) },
  {
    control: SWITCH,
    key: /^(?:mfadelete|requiremfa|mfaconfiguration)$/,
    weigh: protects,
  },
  { control: SWITCH, key: /^(?:enabled|status)$/, within: /versioning/i, weigh: protects },
  {
    control: SWITCH,
    key: /^(?:backupretentionperiod|backupretentiondays|retentionindays|retentionperiod|softdeleteretention\w{0,10}|snapshotretentionlimit|pointintimerecoveryenabled|logretention\w{0,10})$/,
    weigh: (value) => (isOn(value) ? -1 : keeps(value)),
  },
  { control: SWITCH, key: /^acl$/, weigh: (value) => (/^public-read/.test(value) ? 2 : 0), severity: 'critical' },
  {
    control: SWITCH,
    key: /^(?:accesscontrol|cannedacl|predefinedacl)$/,
    weigh: (value) => (/^public/i.test(value) ? 2 : 0),
    severity: 'critical',
  },
  {
    control: SWITCH,
    key: /^(?:containeraccesstype|containeraccess)$/,
    weigh: (value) => (/^(?:blob|container|public)$/i.test(value) || isOn(value) ? 1 : 0),
    severity: 'critical',
  },
  {
    control: SWITCH,
    key: /^publicaccessprevention$/,
    weigh: (value) => (value === 'enforced' ? -1 : 0),
  },
  { control: SWITCH, key: /^(?:uniformbucketlevelaccess|restrictpublicaccess)$/, weigh: protects },
  {
    control: SWITCH,
    key: /^(?:encrypt|encryption|encryptioninfra\w{0,20}|enableencryption|atrestencryptionenabled|transitencryptionenabled|kmsencrypted|storageencryption|enablekeyrotation|enabledkeyrotation|infrastructureencryptionenabled|encryptionathostenabled|sseenabled|serversideencryption|sqsmanagedsseenabled)$/,
    weigh: (value) => protects(value) || (/^(?:aes256|aws:kms)/i.test(value) ? -1 : 0),
  },
  {
    control: SWITCH,
    key: /^(?:ssealgorithm|kmskeyid|kmskeyarn|kmsmasterkeyid|kmskeyname|kmskeyselflink|customermanagedkey|diskencryptionsetid|encryptionkey)$/,
    weigh: named,
  },
];

/** Who reaches a machine or a service, and how it proves itself. */
const ACCESS_ROWS: readonly OptionRow[] = [
  {
    control: SWITCH,
    key: /^(?:associatepublicipaddress|assignpublicip|mappubliciponlaunch|publicnetworkaccess(?:enabled)?|endpointpublicaccess|allowblobpublicaccess|allownesteditemstobepublic|ipv4enabled|enablelegacyabac|adminenabled|allowpublicaccess|publicipenabled|internetfacing|localauthenticationenabled|sharedaccesskeyenabled|localaccountenabled|canipforward|enableserialport|serialportenable|rolebasedaccesscontroldisabled|enableadminaccount)$/,
    weigh: opens,
  },
  {
    control: SWITCH,
    key: /^(?:endpointprivateaccess|enableprivatenodes|enableprivateendpoint|rolebasedaccesscontrolenabled|iamdatabaseauthenticationenabled|enablesecureboot|enablevtpm|enableintegritymonitoring|blockprojectsshkeys|requireoslogin|dropinvalidheaderfields|shieldedinstance|privateclusterenabled|azurepolicyenabled|networkpolicyenabled|scanonpush|vulnerabilityalerts|webcommitsignoffrequired|secretscanning|advancedsecurity|enablelogfilevalidation|ismultiregiontrail|includeglobalserviceevents|enablelogging|enableflowlogs|requiresymbols|requirenumbers|requireuppercasecharacters|requirelowercasecharacters|clientcertenabled|clientcertificateenabled|preventselfreview|requiredapprovals?enabled)$/,
    weigh: protects,
  },
  { control: SWITCH, key: /^httptokens$/, weigh: (value) => (value === 'required' ? -1 : 1) },
  {
    control: SWITCH,
    key: /^scheme$/,
    within: /load|elb|lb\b|ingress/i,
    weigh: (value) => (value === 'internet-facing' ? 1 : 0),
  },
  { control: SWITCH, key: /^internal$/, within: /load|elb|_lb|_alb/i, weigh: protects },
  {
    control: SWITCH,
    key: /^(?:authorization|authorizationtype|authtype|authmode|functionurlauthtype)$/,
    weigh: (value) => (/^none$/i.test(value) ? 1 : /^[\w-]+$/.test(value) ? -1 : 0),
  },
  {
    control: SWITCH,
    key: /^visibility$/,
    weigh: (value) => (value === 'public' ? 1 : /^(?:private|internal)$/.test(value) ? -1 : 0),
  },
  { control: SWITCH, key: /^imagetagmutability$/, weigh: (value) => (/^immutable/i.test(value) ? -1 : 0) },
  {
    control: SWITCH,
    key: /^(?:minimumpasswordlength|passwordreuseprevention|minimumlength)$/,
    weigh: (value) => -Math.min(Math.max(Number.parseFloat(value) || 0, 0), 1000) / 100,
  },
  {
    control: 'admission-loosened',
    key: /^enforcementlevel$/,
    weigh: (value) => (/^(?:mandatory|hard-mandatory)$/.test(value) ? -2 : /^soft-mandatory$/.test(value) ? -1 : 0),
  },
];

/** Encryption on the way. */
const TRANSPORT_ROWS: readonly OptionRow[] = [
  {
    control: 'tls-check-off',
    key: /^(?:httpsonly|httpstrafficonly|httpstrafficonlyenabled|enablehttpstrafficonly|supportshttpstrafficonly|sslenforcementenabled|enforcessl|requiresecuretransport|nodetonodeencryption|enforcehttps|transitencryption|tlsenabled)$/,
    weigh: protects,
  },
  {
    control: 'tls-check-off',
    key: /^viewerprotocolpolicy$/,
    weigh: (value) => (/^(?:https-only|redirect-to-https)$/.test(value) ? -1 : 1),
  },
  { control: 'tls-check-off', key: /^originprotocolpolicy$/, weigh: (value) => (value === 'https-only' ? -1 : 0) },
  {
    control: 'tls-check-off',
    key: /^(?:sslpolicy|tlspolicy|tlssecuritypolicy|minimumprotocolversion|mintls|mintlsversion|minimaltlsversion|minimumtlsversion|minimumtlsprotocolversion|sslprotocols|tlsversion|securitypolicy)$/,
    weigh: oldestProtocol,
  },
  {
    control: 'tls-check-off',
    key: /^protocol$/,
    within: /listener/i,
    weigh: (value) => (/^(?:https|tls)$/i.test(value) ? -1 : 0),
  },
];

/** The oldest version that a policy's name lets in; those of load balancers carry it in their names. */
function oldestProtocol(value: string): number {
  const versions = [...value.matchAll(/1[._-]?([0-3])(?!\d)/g)].map(([, minor]) => Number(minor));
  return versions.length > 0 ? -1 - Math.min(...versions) : 0;
}

/** Whoever may do everything, or is everybody. */
const GRANT_ROWS: readonly OptionRow[] = [
  {
    control: 'iam-widened',
    key: /^(?:members?|principals?|identifiers|principalidentifier|entity|grantee)$/,
    within: /^(?!.*[Ss]tatement)/,
    weigh: (value) => (/^(?:\*|allUsers|allAuthenticatedUsers)$/.test(value) ? 3 : 0),
    severity: 'critical',
  },
  {
    control: 'iam-widened',
    key: /^(?:policyarns?|managedpolicyarns?|managedpolicies|role|roles|roledefinitionname|rolename|policies|permissionset\w{0,20})$/,
    weigh: (value) =>
      /(?:^|\/)(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$|^roles\/(?:owner|editor|iam\.securityAdmin)$|^(?:Owner|Contributor|User Access Administrator)$|^cluster-admin$/.test(
        value,
      )
        ? 3
        : 0,
    severity: 'critical',
  },
  {
    control: 'iam-condition-removed',
    key: /^(?:permissionsboundary|permissionsboundaryarn)$/,
    weigh: named,
  },
];

export const CLOUD_ROWS: readonly OptionRow[] = [...STORAGE_ROWS, ...ACCESS_ROWS, ...TRANSPORT_ROWS, ...GRANT_ROWS];
