import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, RuleDescriptor, Severity } from '../../../findings/index.ts';
import type { Effect } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { isContained } from '../agent-rule.ts';
import { commandStep, NIGHTLY, workflow } from '../example.ts';
import { contains } from '../places.ts';
import { atMost, isOpen, milder, writtenRuns } from '../run-weight.ts';
import { spell } from './source-finding.ts';

const MUTABLE: RuleDescriptor = {
  id: 'INP013',
  name: 'prompt-from-mutable-place',
  title: 'The prompt comes from a place that can change at any time',
  what: 'The prompt is fetched from an address, a gist or a wiki, read from a checkout of another repository on a branch, or read from a file of the pull request under review.',
  why: 'Whoever can write there gives the agent its orders, and no review of this repository shows it.',
  sources: ['CWE-829', 'OWASP Top 10 for LLM applications, LLM03'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'INP',
  fix: 'none',
  advice: 'Keep the prompt in this repository and read it from the base, or fetch it at a full commit id.',
  tags: ['CWE-829', 'CWE-494', 'CWE-1427'],
  attack: [
    workflow(commandStep('claude -p "$(curl -fsSL https://prompts.example.test/review.md)" --max-turns 5'), {
      on: NIGHTLY,
    }),
  ],
  benign: [workflow(commandStep('claude -p "$(cat prompts/review.md)" --max-turns 5'), { on: NIGHTLY })],
};

/** INP013 */
export const mutablePrompt: Rule = {
  ...MUTABLE,
  check: (facts) =>
    writtenRuns(facts).flatMap((run) => [...fromWeb(run), ...fromChange(run), ...fromElsewhere(run, facts)]),
};

/** A command in the prompt, or one that writes its file, asks the web. */
function fromWeb(run: AgentRun): readonly FindingDraft[] {
  const traced = run.sources
    .filter(({ channel, what }) => channel === 'web' && what !== 'web pages' && !isPinned(what))
    .map(({ what, place }) => ({ what: spell(what), place }));
  const given = [...run.invocation.prompts, ...run.invocation.systemPrompts];
  const inside = run.step.effects.flatMap((effect) =>
    effect.kind === 'download' &&
    !isPinned(effect.url ?? '') &&
    given.some(({ place }) => contains(place, effect.place))
      ? [{ what: effect.url ?? 'An address', place: effect.place }]
      : [],
  );
  return [...traced, ...inside].map(({ what, place }) =>
    draftOf(run, what, place, `${what} writes the prompt of ${run.invocation.spelled}`, 'high'),
  );
}

/** Raw files of a forge at a full commit id never change. */
function isPinned(command: string): boolean {
  return /\/[0-9a-f]{40}\//.test(command);
}

interface PromptFile {
  readonly path: string;
  readonly place: Place;
}

/** Files that the prompt is read from, by an option, an input, a redirect or `$(cat …)`. */
function promptFiles({ invocation }: AgentRun): readonly PromptFile[] {
  const options = invocation.written
    .filter(({ name }) => name === 'prompt-file' || name === 'system-prompt-file')
    .map(({ text, place }) => ({ path: text, place }));
  const given = [...invocation.prompts, ...invocation.systemPrompts];
  const files = given.flatMap(({ from, place }) => (from.kind === 'file' ? [{ path: from.path, place }] : []));
  const read = given.flatMap(({ text, place }) =>
    [...text.matchAll(/\$\((?:cat\s{1,4}|<\s{0,4})["']?([\w./-]{1,200})["']?\s{0,4}\)/g)].map((match) => ({
      path: match[1] ?? '',
      place,
    })),
  );
  const all = [...options, ...files, ...read].map(({ path, place }) => ({ path: path.replace(/^\.\//, ''), place }));
  return all.filter(({ path }, index) => path !== '' && all.findIndex((other) => other.path === path) === index);
}

/** A prompt below the checked-out head of a pull request is the author's. */
function fromChange(run: AgentRun): readonly FindingDraft[] {
  const brought = run.sources.find(({ channel }) => channel === 'tree');
  if (run.tree.provenance !== 'pull-request' || brought === undefined || isWrittenBefore(run)) return [];
  const severity = brought.who === 'anyone' || isOpen(run) ? 'high' : milder('high', 2);
  return promptFiles(run)
    .filter(({ path }) => !/^(?:\/|~|\$)/.test(path))
    .map(({ path, place }) =>
      draftOf(
        run,
        path,
        place,
        `The prompt of ${run.invocation.spelled} is ${path} of the pull request under review`,
        severity,
      ),
    );
}

/** An earlier command of the job, or of one that hands its files on, writes a file of the prompt: it is not the tree's. */
function isWrittenBefore(run: AgentRun): boolean {
  const names = promptFiles(run).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const handing = run.pipeline.jobs.filter((job) =>
    job.steps.some(({ effects }) => effects.some(({ kind }) => kind === 'artifact-upload')),
  );
  const steps = [...run.before, run.step, ...handing.flatMap((job) => job.steps)];
  const scripts = steps.flatMap((step) => step.run?.script.commands ?? []);
  return scripts.some(({ redirects }) =>
    redirects.some(
      ({ operator, target }) => operator.includes('>') && names.some((name) => target?.source.includes(name)),
    ),
  );
}

type Checkout = Extract<Effect, { readonly kind: 'checkout' }>;

function fromElsewhere(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  const files = promptFiles(run);
  return run.effectsBefore.flatMap((effect): readonly FindingDraft[] => {
    if (effect.kind === 'checkout') return fromCheckout(run, effect, files);
    if (effect.kind !== 'download' && effect.kind !== 'clone') return [];
    const { file, span } = effect.place;
    const command = facts.source(file)?.text.slice(span.start, span.end) ?? '';
    const fixed = effect.kind === 'clone' ? effect.pinned : effect.verified || isPinned(command);
    const hit = files.find(({ path }) => command.includes(anchorOf(path, effect.kind)));
    if (fixed || hit === undefined || effect.url === undefined) return [];
    return [
      draftOf(
        run,
        hit.path,
        effect.place,
        `${effect.url} brings ${hit.path}, the prompt of ${run.invocation.spelled}`,
        'high',
      ),
    ];
  });
}

/** What a command names that brings the file: the file itself, or the directory of a clone. */
function anchorOf(path: string, kind: 'download' | 'clone'): string {
  return kind === 'download' ? path.slice(path.lastIndexOf('/') + 1) : (path.split('/')[0] ?? path);
}

function fromCheckout(run: AgentRun, effect: Effect & Checkout, files: readonly PromptFile[]): readonly FindingDraft[] {
  const { path, ref, tree, place } = effect;
  if (tree !== 'other-repository' || path === undefined || /^[0-9a-f]{40}$/.test(ref?.text ?? '')) return [];
  const directory = `${path.replace(/^\.\//, '').replace(/\/$/, '')}/`;
  return files
    .filter((file) => file.path.startsWith(directory))
    .map((file) =>
      draftOf(
        run,
        file.path,
        place,
        `${file.path}, the prompt of ${run.invocation.spelled}, comes from another repository on ${ref === undefined ? 'its default branch' : ref.text}`,
        'high',
      ),
    );
}

function draftOf(run: AgentRun, about: string, place: Place, message: string, severity: Severity): FindingDraft {
  return {
    rule: 'INP013',
    message: `${message} in job ${run.job.id}`,
    detail:
      'The text that is reviewed here is not the one that the agent gets. Whoever controls the place changes the order without a commit in this repository.',
    severity: isContained(run) ? atMost('low', severity) : severity,
    confidence: 'medium',
    place,
    subject: `${run.job.id} ${run.invocation.product} prompt ${about}`,
    related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
  };
}
