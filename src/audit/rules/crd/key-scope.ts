import type { AgentRun, Facts } from '../../../facts/index.ts';
import { credentialClass } from '../../../facts/index.ts';
import type { Edit, FindingDraft, Fix } from '../../../findings/index.ts';
import type { Entry, Step } from '../../../pipelines/index.ts';
import { entryOf, type Node } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { removeLines } from '../line-removal.ts';
import { withStepAfter, workflow } from './examples.ts';
import { allSteps, eachRun, isAgentStep, runDraft } from './run-report.ts';
import { addToSection } from './section-edit.ts';

/** Variables at the level of the pipeline on GitLab and Azure have rules of their own: GL009 and AZ001. */
const OWN_RULE: ReadonlySet<string> = new Set(['gitlab', 'azure']);

/** CRD001 */
export const keyAboveStep: Rule = {
  id: 'CRD001',
  name: 'model-key-above-agent-step',
  title: 'The model key stands above the step of the agent',
  what: 'A model key is an environment variable of the whole workflow or job instead of the one step that runs the agent.',
  why: 'Every step and every package script of the job reads it: installation, tests and build of code that others wrote.',
  sources: ['GitHub documentation, "Using secrets in GitHub Actions"', 'Measured: 2 % of public agent workflows'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'safe',
  advice: 'Move the variable into `env:` of the step that runs the agent.',
  tags: ['CWE-522', 'CWE-526', 'OWASP-CICD-SEC-6'],
  attack: workflow(
    '    timeout-minutes: 10\n',
    `    timeout-minutes: 10\n    env:\n      OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}\n`,
  ),
  benign: workflow(),
  check: (facts) =>
    eachRun(facts, (run) => {
      if (OWN_RULE.has(run.pipeline.platform)) return [];
      const levels = [
        ['the whole file', run.pipeline.environment, run.pipeline.root],
        [`job ${run.job.id}`, run.job.environment, run.job.node],
      ] as const;
      return levels.flatMap(([level, entries, node]) =>
        entries.filter(isModelKey).map((entry) => aboveStep(facts, run, level, entry, node)),
      );
    }),
};

function isModelKey(entry: Entry): boolean {
  return entry.value.interpolations.some(({ values }) =>
    values.some(({ name, origin }) => origin === 'secret' && credentialClass(name) === 'model-key'),
  );
}

function aboveStep(facts: Facts, run: AgentRun, level: string, entry: Entry, node: Node | undefined): FindingDraft {
  const untrusted =
    run.tree.provenance === 'pull-request' &&
    [...run.effectsBefore, ...run.effectsAfter].some(({ kind }) => kind === 'build');
  return runDraft('CRD001', run, {
    message: `${entry.name} is in the environment of ${level}, so every step of it reads the key`,
    severity: untrusted ? 'high' : 'medium',
    place: entry.keyPlace,
    about: `${level} ${entry.name}`,
    fixes: moveFix(facts, run, entry, node),
  });
}

/** Only where one agent step needs the key, no other text of the file names it, and both places can be edited. */
function moveFix(facts: Facts, run: AgentRun, entry: Entry, level: Node | undefined): readonly Fix[] {
  const { file } = run.pipeline;
  const sharing = facts.runs.filter(({ pipeline }) => pipeline === run.pipeline);
  const [outer] = run.stepPath;
  if (sharing.length !== 1 || outer === undefined || mentions(file.text, entry.name) !== 1 + ownMentions(entry))
    return [];
  const section = entryOf(level, 'env');
  const alone = section?.value.kind === 'map' && section.value.entries.length === 1;
  const span = alone ? section.span : { start: entry.keyPlace.span.start, end: entry.value.place.span.end };
  const removal = removeLines(file, { file: file.path, span });
  const { start, end } = entry.value.place.span;
  const insertion = addToSection(file, outer.node, 'env', { key: entry.name, text: file.text.slice(start, end) });
  if (removal === undefined || insertion === undefined) return [];
  const edits: readonly Edit[] = [removal, insertion];
  return [{ title: `Move ${entry.name} into the step of the agent`, safety: 'safe', edits, creates: [] }];
}

function mentions(text: string, name: string): number {
  return text.split(name).length - 1;
}

/** `NAME: ${{ secrets.NAME }}` names it twice. */
function ownMentions(entry: Entry): number {
  return mentions(entry.value.text, entry.name);
}

/** CRD002 */
export const keyWithoutAgent: Rule = {
  id: 'CRD002',
  name: 'model-key-in-other-step',
  title: 'A step that builds, installs or tests has the model key',
  what: 'In a job with an agent, another step has the model key in its environment, runs code of the tree or of packages, and never names the key.',
  why: 'Package scripts and tests read the environment; the key leaves through them although the agent is well guarded.',
  sources: ['Measured: 5 % of public agent workflows', 'Shai-Hulud: install scripts that collect the environment'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'CRD',
  fix: 'unsafe',
  advice: 'Remove the key from this step.',
  tags: ['CWE-522', 'OWASP-CICD-SEC-6'],
  attack: withStepAfter(
    `      - run: npm test\n        env:\n          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}\n`,
  ),
  benign: withStepAfter('      - run: npm test\n'),
  check: (facts) =>
    eachRun(facts, (run) =>
      allSteps(run.job.steps)
        .filter((step) => !isAgentStep(facts, step) && runsForeignCode(step))
        .flatMap((step) =>
          step.environment
            .filter((entry) => isModelKey(entry) && !namesIt(step, entry))
            .map((entry) => inStep(run, step, entry)),
        ),
    ),
};

function runsForeignCode(step: Step): boolean {
  return step.effects.some(({ kind }) => kind === 'build' || kind === 'install');
}

function namesIt(step: Step, entry: Entry): boolean {
  return step.run?.text.text.includes(entry.name) === true;
}

function inStep(run: AgentRun, step: Step, entry: Entry): FindingDraft {
  const removal = removalOf(run, step, entry);
  const fixes: readonly Fix[] =
    removal === undefined
      ? []
      : [{ title: `Remove ${entry.name} from this step`, safety: 'unsafe', edits: [removal], creates: [] }];
  const title = step.name?.text ?? step.id ?? `step ${step.index + 1}`;
  return runDraft('CRD002', run, {
    message: `${title} runs code of the tree or of packages with ${entry.name} in its environment, and is no agent`,
    severity: 'medium',
    confidence: 'medium',
    place: entry.keyPlace,
    about: `${title} ${entry.name}`,
    fixes,
  });
}

function removalOf(run: AgentRun, step: Step, entry: Entry): Edit | undefined {
  const section = entryOf(step.node, 'env');
  const alone = section?.value.kind === 'map' && section.value.entries.length === 1;
  const span = alone ? section.span : { start: entry.keyPlace.span.start, end: entry.value.place.span.end };
  return removeLines(run.pipeline.file, { file: entry.keyPlace.file, span });
}
