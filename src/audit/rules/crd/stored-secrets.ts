import type { AgentRun } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import type { Step } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { withStepAfter } from './examples.ts';
import { allSteps, eachRun, runDraft } from './run-report.ts';

/** What lies beneath a stored path that nobody should get. The first row that fits wins. */
const HOLDINGS: readonly { readonly path: RegExp; readonly what: string; readonly severity: 'high' | 'medium' }[] = [
  {
    path: /(?:^|\/)\.(?:claude|codex|gemini|cursor|opencode|aider)(?:\/|$)|\.local\/share\/opencode/,
    what: 'logins and whole conversations of the agent',
    severity: 'high',
  },
  {
    path: /^(?:~|\$HOME|\$\{HOME\}|\/root|\/home\/[^/]+)\/?\**$/,
    what: 'the whole home directory, logins included',
    severity: 'high',
  },
  { path: /(?:^|\/)\.git(?:\/|$)/, what: 'the token that the checkout left in .git/config', severity: 'high' },
  {
    path: /^\/tmp\/?\**$|^\$\{\{ *runner\.temp *\}\}\/?\**$|^\$RUNNER_TEMP\/?\**$/,
    what: 'everything that steps wrote for themselves, transcripts included',
    severity: 'high',
  },
  {
    path: /(?:^|\/)\.(?:env|npmrc|netrc|pypirc|git-credentials|aws|ssh|docker|kube)(?:[./]|$)/,
    what: 'logins',
    severity: 'high',
  },
  { path: /execution[-_](?:file|output)/, what: 'the transcript of the agent', severity: 'medium' },
];

/** The whole tree: what lies in it depends on what the checkout and the agent left. */
const WHOLE_TREE =
  /^(?:\.|\.\/|\*\*|\.\/\*\*|\*\*\/\*|\$\{\{ *github\.workspace *\}\}\/?\**|\$GITHUB_WORKSPACE\/?|\$CI_PROJECT_DIR\/?|\$\(Build\.SourcesDirectory\)\/?)$/;

/** CRD018 */
export const storedSecrets: Rule = {
  id: 'CRD018',
  name: 'secrets-or-transcripts-stored',
  title: "An artefact or cache of the agent's job holds secrets",
  what: 'A job with an agent uploads or caches the whole tree, `.git`, a home or temporary directory, or the folder of the agent.',
  why: 'Artefacts can be downloaded by everybody who can read the repository, caches are restored by other branches; tokens in `.git/config` and logins of agents go with them, and so does what the agent read.',
  sources: ['CodeQL actions/secrets-in-artifacts', 'ArtiPACKED, 2024'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice: 'List the files that are wanted, one by one.',
  tags: ['CWE-312', 'CWE-532', 'OWASP-CICD-SEC-6'],
  attack: withStepAfter(
    '      - uses: actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4 # v5.0.0\n        with:\n          name: run\n          path: ~/.claude\n',
  ),
  benign: withStepAfter(
    '      - uses: actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4 # v5.0.0\n        with:\n          name: review\n          path: review.md\n',
  ),
  check: (facts) => eachRun(facts, (run) => allSteps(run.job.steps).flatMap((step) => storedBy(run, step))),
};

interface StoredPath {
  readonly path: string;
  readonly place: FindingDraft['place'];
}

function storedBy(run: AgentRun, step: Step): readonly FindingDraft[] {
  const excluded = pathsOf(step).filter(({ path }) => path.startsWith('!'));
  return pathsOf(step).flatMap(({ path, place }) => {
    const row = HOLDINGS.find((candidate) => candidate.path.test(path));
    const whole = row === undefined && WHOLE_TREE.test(path) && excluded.every((other) => !other.path.includes('.git'));
    const found = row ?? (whole ? wholeTree(run, step) : undefined);
    if (found === undefined || path.startsWith('!')) return [];
    const message = `${path} is stored: ${found.what}`;
    return [
      runDraft('CRD018', run, {
        message,
        severity: found.severity,
        confidence: 'medium',
        place,
        about: `store ${path}`,
      }),
    ];
  });
}

/** Hidden files stay out of an artefact by default since the action's version 4.4; caches and other platforms keep them. */
function wholeTree(
  run: AgentRun,
  step: Step,
): { readonly what: string; readonly severity: 'high' | 'medium' } | undefined {
  if (run.tree.persistsCredentials !== 'yes') return undefined;
  const hidden = step.inputs.find(({ name }) => name === 'include-hidden-files')?.value.text;
  const kept =
    step.uses?.name !== 'actions/upload-artifact' || hidden === 'true' || /^v?[123](?:\.|$)/.test(step.uses.ref ?? '');
  return { what: 'the whole tree, with the token in .git/config', severity: kept ? 'high' : 'medium' };
}

/** Each path of an upload or cache, by its own place where the step's input shows it. */
function pathsOf(step: Step): readonly StoredPath[] {
  const input = step.inputs.find(({ name }) => name === 'path' || name === 'paths');
  const stores = step.effects.some(
    (effect) => effect.kind === 'artifact-upload' || (effect.kind === 'cache' && effect.mode !== 'restore'),
  );
  if (!stores) return [];
  if (input === undefined) {
    return step.effects.flatMap((effect) =>
      effect.kind === 'artifact-upload' ? effect.paths.map((path) => ({ path: path.trim(), place: effect.place })) : [],
    );
  }
  const { text } = input.value;
  const found: StoredPath[] = [];
  for (let at = 0; at <= text.length; ) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const path = text.slice(at, end).trim();
    if (path !== '') {
      const start = text.indexOf(path, at);
      const span = { start: input.value.offsetOf(start), end: input.value.offsetOf(start + path.length - 1) + 1 };
      found.push({ path, place: { file: input.value.place.file, span } });
    }
    at = end + 1;
  }
  return found;
}
