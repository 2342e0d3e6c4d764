/** What the inputs, options and variables of checks say about how much they mind, by the names that checks give them. */
export interface StrictnessRow {
  readonly control: 'pipeline-failure-ignored' | 'pipeline-check-loosened' | 'pipeline-check-narrowed';
  /** Of the name without case, `-` and `_`. */
  readonly name: RegExp;
  /** Above 0 opens, below 0 protects, 0 says nothing. */
  readonly weigh: (value: string) => number;
  /** Each part of the value is a fact of its own: something that is left out. */
  readonly each?: boolean;
}

const isOn = (value: string): boolean => /^(?:true|1|yes|on|enabled?|always)$/i.test(value);
const isOff = (value: string): boolean => /^(?:false|0|no|off|disabled?|never|none)$/i.test(value);
const opens = (value: string): number => (isOn(value) ? 1 : 0);
const protects = (value: string): number => (isOn(value) ? -1 : isOff(value) ? 1 : 0);

/** From what fails the check always to what never does. */
const LEVELS = [
  'any|all|info|informational|note|negligible|unknown',
  'low|style',
  'medium|moderate|warning|warn',
  'high|error',
  'critical|blocker',
  'none|never|off|false|0',
];

/** No list of levels is longer. */
const LONGEST = 500;

/** The lower the level from which on a check fails, the more it protects; of levels in a list the lowest, then how many. */
function levels(value: string): number {
  const parts = value
    .slice(0, LONGEST)
    .toLowerCase()
    .split(/[\s,|]+/)
    .filter((part) => part !== '');
  const ranks = parts.map((part) => LEVELS.findIndex((words) => words.split('|').includes(part)));
  if (ranks.length === 0 || ranks.includes(-1)) return 0;
  return Math.min(...ranks) - LEVELS.length - (ranks.length - 1) / 10;
}

/** At least so much must be reached. */
function minimum(value: string): number {
  const number = Number.parseFloat(value);
  return number > 0 && number < 1e9 ? -number / 1000 : levels(value);
}

/** So many findings, or so bad ones, are let through. */
function maximum(value: string): number {
  const number = Number.parseFloat(value);
  return number >= 0 && number < 1e9 ? -1 / (1 + number) : 0;
}

/** How many things are looked for. */
function count(value: string): number {
  return -value.split(/[\s,]+/).filter((part) => part !== '' && !isOff(part)).length;
}

const leftOut = (value: string): number => (value === '' || isOff(value) ? 0 : 1);

export const STRICTNESS_ROWS: readonly StrictnessRow[] = [
  {
    control: 'pipeline-failure-ignored',
    name: /^(?:fail)?exitcode(?:on\w{1,20})?$/,
    weigh: (value) => (value === '0' ? 1 : /^[1-9]\d{0,2}$/.test(value) ? -1 : 0),
  },
  {
    control: 'pipeline-failure-ignored',
    name: /^(?:softfail|nofail|failnever|warnonly|allowfailure|ignore(?:errors|failures|exitcode)|continueonerror|exitzero|passwithnotests|dryrun|advisoryonly|reportonly|disabled?|skipscan|skiptests?)$/,
    weigh: opens,
  },
  {
    control: 'pipeline-failure-ignored',
    name: /^(?:failciiferror|failbuild|failpipeline|failjob|failtaskon\w{1,40}|failon(?:error|errors|findings?|failures?|issues?|warnings?|alerts?|stderr|standarderror|violations?|vulnerabilit\w{1,5}|emptyresults?|missing\w{0,20})|haltonerror|haltonfailure|waitforqualitygate|qualitygatewait|enforce|blocking)$/,
    weigh: protects,
  },
  {
    control: 'pipeline-check-loosened',
    name: /^(?:failonseverity|failonscopes|failon|failthreshold|faillevel|severity(?:threshold|cutoff|level)?|severities|minseverity|minimumseverity|auditlevel|csseveritythreshold|confidence(?:level)?|level|vulnthreshold)$/,
    weigh: levels,
  },
  {
    control: 'pipeline-check-loosened',
    name: /^(?:cov)?(?:failunder|failbelow|minimumcoverage|mincoverage|coveragethreshold|minscore|minimumscore|threshold|thresholds)$/,
    weigh: minimum,
  },
  {
    control: 'pipeline-check-loosened',
    name: /^(?:maxwarnings|maxissues|maxalerts|maxerrors|maxfailures|maxseverity|failoncvss|failbuildoncvss|cvssthreshold|(?:un)?stabletotal\w{1,20}|failedtotal\w{0,20})$/,
    weigh: maximum,
  },
  {
    control: 'pipeline-check-loosened',
    name: /^(?:scanners|securitychecks|vulntype|pkgtypes|scantype|queries|languages?|packs|rules|rulesets?|policies|checks|denylicenses|denypackages|denygroups|suites?)$/,
    weigh: count,
  },
  {
    control: 'pipeline-check-loosened',
    name: /^(?:strict|requirehashes|verify\w{0,20}|locked|frozenlockfile|checksum\w{0,10})$/,
    weigh: protects,
  },
  {
    control: 'pipeline-check-narrowed',
    name: /^(?:ignore(?:unfixed|d?paths?|files?|dirs?|rules?|vulns?|cves?|ids?|patterns?|policy|unfixable|licenses?)?|exclude(?:d?paths?|files?|dirs?|rules?|d?analyzers|d?checks?)?|skip(?:dirs|files|paths?|checks?|rules?|policies|quer\w{1,5}|update)|allow(?:ghsas|licenses|dependencieslicenses)|pathsignore|trivyignores|allowlist|baseline(?:file|path)?)$/,
    weigh: leftOut,
    each: true,
  },
];
