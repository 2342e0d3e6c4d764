import type { FindingDraft } from '../../../findings/index.ts';
import { environmentEntry, resolveText } from '../../../pipelines/index.ts';
import type { ScriptCommand, ScriptWord } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { isCheckedBefore } from './checked-value.ts';
import { workflow } from './example-workflow.ts';
import { environmentsOf, gitHubSteps, hygiene, reachOf, type StepScope, stepName, subjectOf } from './job-walk.ts';
import { otherUncheckedDownloads } from './other-platforms.ts';

/** Programs with options that run other programs, read files or send them. */
const OPTION_PROGRAMS: ReadonlySet<string> = new Set([
  ...['git', 'curl', 'wget', 'tar', 'find', 'rsync', 'ssh', 'scp', 'zip', 'sed', 'awk', 'gh', 'docker', 'npm', 'pip'],
  ...['go', 'make', 'jq', 'grep', 'rg', 'xargs', 'man', 'less', 'ffmpeg', 'convert'],
]);

/** Options of jq that take two words. */
const NAMED_VALUE = /^--(?:arg|argjson|slurpfile|rawfile)$/;

/** CI019: outside text that a program takes for an option. */
export const argumentInjection: Rule = {
  id: 'CI019',
  name: 'argument-injection',
  title: 'Outside text can become an option of a program',
  what: 'A word that begins with a variable holding text of an outsider is an argument of a program with dangerous options, without `--` before it.',
  why: 'A value that begins with a dash is an option: `--upload-pack=…` of git, `--output` of curl or `-exec` of find run or write what the outsider wants.',
  sources: ['CodeQL actions/argument-injection', 'SonarSource, "Argument injection vectors"'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Put `--` before the value, or check its first character.',
  tags: ['CWE-88', 'OWASP-CICD-SEC-4'],
  attack: workflow({
    on: 'pull_request_target',
    steps: `- run: git fetch origin "$BRANCH"\n  env: { BRANCH: "\${{ github.head_ref }}" }`,
  }),
  benign: workflow({
    on: 'pull_request_target',
    steps: `- run: git fetch origin -- "$BRANCH"\n  env: { BRANCH: "\${{ github.head_ref }}" }`,
  }),
  check: (facts) => gitHubSteps(facts).flatMap(injectedArguments),
};

function injectedArguments(scope: StepScope): readonly FindingDraft[] {
  const { run } = scope.step;
  if (run === undefined || (run.language !== 'bash' && run.language !== 'sh')) return [];
  return run.script.commands.flatMap((command) => {
    const word = outsiderArgument(scope, command);
    if (word === undefined || isCheckedBefore(run, word)) return [];
    const program = command.words[0]?.literal ?? '';
    const reach = reachOf(scope, scope.step);
    const { place, offsetOf } = run.text;
    const draft: FindingDraft = {
      rule: 'CI019',
      message: `${word.source} can become an option of ${program}`,
      severity: reach === 'open' || reach === 'gated' ? 'medium' : 'low',
      confidence: 'medium',
      place: {
        file: place.file,
        span: { start: offsetOf(word.span.start), end: offsetOf(word.span.end - 1) + 1 },
      },
      subject: subjectOf(scope, stepName(scope.step), program, word.source),
    };
    return [draft];
  });
}

function outsiderArgument(scope: StepScope, { words }: ScriptCommand): ScriptWord | undefined {
  if (!OPTION_PROGRAMS.has(words[0]?.literal ?? '')) return undefined;
  const end = words.findIndex(({ literal }) => literal === '--');
  const environments = environmentsOf(scope);
  return words.slice(1, end === -1 ? undefined : end).find(({ pieces, expansions }, index) => {
    // Behind an option it is most likely that option's value; `--arg` of jq takes a name and a value.
    if (words[index]?.literal?.startsWith('-')) return false;
    if (NAMED_VALUE.test(words[index - 1]?.literal ?? '')) return false;
    const [first] = expansions;
    if (pieces[0] !== undefined || first?.kind !== 'variable' || first.name === undefined) return false;
    const entry = environmentEntry(first.name, environments);
    if (entry === undefined) return false;
    return (
      entry.value.text.trim().startsWith(`\${{`) &&
      resolveText(entry.value, environments).some(
        ({ origin, kind }) => origin === 'outsider' && ['ref', 'line', 'text'].includes(kind),
      )
    );
  });
}

const COMMIT = /\/[0-9a-f]{40}\//;

/** CI020: a program from the network that runs as it comes. */
export const unverifiedDownload: Rule = {
  id: 'CI020',
  name: 'unverified-script-download',
  title: 'A downloaded program runs unchecked',
  what: 'A step runs what it has just downloaded, without comparing a checksum or a signature, or compares it only with one from the same server.',
  why: 'Whoever controls the server, the name or the way there runs commands in this job.',
  sources: ['OpenSSF Scorecard Pinned-Dependencies', 'Codecov Bash uploader (2021)'],
  severity: 'low',
  confidence: 'medium',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Name a version and compare its checksum before it runs.',
  tags: ['CWE-494', 'OWASP-CICD-SEC-3'],
  attack: workflow({ steps: '- run: curl -sSL https://get.example.test/install.sh | bash' }),
  benign: workflow({
    steps: `- run: |
    curl -sSLo install.sh https://get.example.test/install.sh
    echo "$SUM  install.sh" | sha256sum --check
    bash install.sh`,
  }),
  check: (facts) => [
    ...otherUncheckedDownloads(facts),
    ...gitHubSteps(facts).flatMap((scope) => [
      ...evaluatedDownloads(scope),
      ...selfAttested(scope),
      ...scope.step.effects.flatMap((effect, index, all): readonly FindingDraft[] => {
        // One command can be a download and an installation; it is reported once.
        if (all.findIndex(({ place }) => place.span.start === effect.place.span.start) !== index) return [];
        const piped = effect.kind === 'install' && effect.pipedToShell;
        const executed = effect.kind === 'download' && effect.executed && !effect.verified;
        if (!piped && !executed) return [];
        // A commit in the address says what comes.
        if (effect.kind === 'download' && COMMIT.test(effect.url ?? '')) return [];
        const what = effect.kind === 'download' ? (effect.url ?? 'a download') : (effect.name ?? 'an installer');
        return [
          {
            rule: 'CI020',
            message: `${stepName(scope.step)} runs ${what} unchecked`,
            severity: hygiene(scope, 'medium'),
            confidence: 'medium',
            place: effect.place,
            subject: subjectOf(scope, stepName(scope.step), what),
          },
        ];
      }),
    ]),
  ],
};

const CHECKSUM = /(?:sha\d*(?:sums?)?|checksums?|md5|\.sig|\.asc|\.crt|\.pem)(?:\b|$)/i;
/** A digest in the script, or a key that does not come from where the program comes from. */
const KNOWN_BEFORE = /\b[0-9a-f]{64}\b|--keyring|--key[= ]|--certificate-identity|attestation verify/;

/** The program and what it is compared with come from one place: who changes one changes both. */
function selfAttested(scope: StepScope): readonly FindingDraft[] {
  const { run, effects } = scope.step;
  if (run === undefined || KNOWN_BEFORE.test(run.text.text)) return [];
  const downloads = effects.flatMap((effect) =>
    effect.kind === 'download' && effect.url !== undefined ? [{ place: effect.place, url: effect.url }] : [],
  );
  const hostOf = (url: string) => /^https?:\/\/([^/$]+)/.exec(url)?.[1];
  const sum = downloads.find(({ url }) => CHECKSUM.test(url));
  const host = sum === undefined ? undefined : hostOf(sum.url);
  const program = downloads.find(({ url }) => !CHECKSUM.test(url) && hostOf(url) === host);
  if (sum === undefined || host === undefined || program === undefined || SHARED_HOSTS.has(host)) return [];
  return [
    {
      rule: 'CI020',
      message: `${stepName(scope.step)} compares what it fetched from ${host} only with what else it fetched there`,
      severity: 'low',
      confidence: 'medium',
      place: program.place,
      related: [{ place: sum.place, message: 'the sum or signature comes from the same place' }],
      subject: subjectOf(scope, stepName(scope.step), host),
    },
  ];
}

/** Releases there belong to a repository, whose history shows a change. */
const SHARED_HOSTS: ReadonlySet<string> = new Set(['github.com']);

const FETCHING = /\b(?:curl|wget)\b/;

/** `TEXT=$(curl …)` and then `eval $TEXT`. */
function evaluatedDownloads(scope: StepScope): readonly FindingDraft[] {
  const { run } = scope.step;
  if (run === undefined) return [];
  const fetched = new Set<string>();
  return run.script.commands.flatMap(({ assignments, words }): readonly FindingDraft[] => {
    for (const { name, value } of assignments) {
      if (value?.expansions.some(({ kind }) => kind === 'command') && FETCHING.test(value.source)) fetched.add(name);
    }
    if (words[0]?.literal !== 'eval') return [];
    const word = words.slice(1).find(({ expansions }) => expansions.some(({ name }) => fetched.has(name ?? '')));
    if (word === undefined) return [];
    const { place, offsetOf } = run.text;
    return [
      {
        rule: 'CI020',
        message: `${stepName(scope.step)} evaluates what it has fetched`,
        severity: hygiene(scope, 'medium'),
        confidence: 'high',
        place: { file: place.file, span: { start: offsetOf(word.span.start), end: offsetOf(word.span.end - 1) + 1 } },
        subject: subjectOf(scope, stepName(scope.step), word.source),
      },
    ];
  });
}
