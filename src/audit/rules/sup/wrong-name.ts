import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Effect } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { findHomoglyphs } from '../../../text/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps } from '../agent-job.ts';
import { workflow } from '../example.ts';
import { replaceFix, textAt } from '../fixes.ts';
import { AGENT, SUP } from './examples.ts';
import { distinct } from './mutable-reference.ts';
import { type FakeRow, NAMES_DATE, passesFor } from './official-names.ts';

/** SUP005 */
export const wrongName: Rule = {
  ...SUP,
  id: 'SUP005',
  name: 'not-the-vendors-name',
  title: 'A name that passes for a vendor’s and is not',
  what: `A package or action whose name was seen as a fake of an agent’s, is one letter away from one, or holds letters of another script (table of ${NAMES_DATE}).`,
  why: 'Whoever registers the wrong name gets the key of the agent and the job. Models invent such names, and people copy them.',
  sources: [
    'Seen: `@anthropic/claude-code`, `@github/copilot-cli`, `anthropics/claude-pr-action`',
    'Slopsquatting: react-codeshift, January 2026',
  ],
  severity: 'critical',
  confidence: 'high',
  fix: 'safe',
  advice: 'Use the vendor’s name, and pin it.',
  tags: ['CWE-1357', 'CWE-829', 'OWASP-CICD-SEC-3'],
  attack: [workflow(`      - run: npm install -g @anthropic/claude-code@2.1.329\n${AGENT}`)],
  benign: [workflow(`      - run: npm install -g @anthropic-ai/claude-code@2.1.329\n${AGENT}`)],
  check: (facts) => distinct([...namedActions(facts), ...namedPackages(facts), ...namedServers(facts)]),
};

function namedActions(facts: Facts): readonly FindingDraft[] {
  return facts.pipelines.flatMap(({ jobs }) =>
    jobs.flatMap((job) => {
      const steps = flatSteps(job.steps).flatMap(({ uses }) => uses ?? []);
      const calls = job.calls ? [job.calls.reference] : [];
      return [...steps, ...calls]
        .filter(({ kind }) => kind === 'repository')
        .flatMap(({ name, place }) => judge(facts, 'action', name, place));
    }),
  );
}

function namedPackages(facts: Facts): readonly FindingDraft[] {
  const inPipelines = facts.pipelines.flatMap(({ jobs }) =>
    jobs.flatMap(({ steps }) => flatSteps(steps).flatMap(({ effects }) => effects)),
  );
  const inContainers = facts.containers.flatMap(({ containers }) =>
    containers.flatMap(({ scripts }) => scripts.flatMap(({ effects }) => effects)),
  );
  return [...inPipelines, ...inContainers].flatMap((effect: Effect) =>
    effect.kind === 'install' && !effect.pipedToShell && effect.name !== undefined
      ? judge(facts, 'package', effect.name, effect.place)
      : [],
  );
}

function namedServers(facts: Facts): readonly FindingDraft[] {
  return facts.configurations.flatMap(({ servers }) =>
    servers.flatMap(({ origin, place }) =>
      origin.kind === 'package' ? judge(facts, 'package', origin.name, place) : [],
    ),
  );
}

function judge(facts: Facts, kind: FakeRow['kind'], name: string, place: Place): readonly FindingDraft[] {
  const foreign = findHomoglyphs(name);
  const verdict = foreign === undefined ? passesFor(kind, name) : { official: foreign.reads, seen: true };
  if (verdict === undefined) return [];
  const { official, seen } = verdict;
  const how =
    foreign !== undefined
      ? `holds letters of another script and reads as ${official}`
      : official === ''
        ? 'is no name of a vendor'
        : `is not ${official}`;
  const fixes = foreign === undefined && official !== '' ? nameFix(facts, place, name, official, seen) : [];
  return [
    {
      rule: 'SUP005',
      message: `The ${kind} ${name} ${how}`,
      detail: 'Whoever owns that name, or registers it tomorrow, runs code here with everything that the job holds.',
      severity: seen ? 'critical' : 'high',
      confidence: seen ? 'high' : 'medium',
      place,
      subject: `${kind} ${name}`,
      ...(fixes.length > 0 ? { fixes } : {}),
    },
  ];
}

/** A reference changes the name only: its commit or tag is checked again by whoever reads the fix. */
function nameFix(facts: Facts, place: Place, name: string, official: string, seen: boolean): readonly Fix[] {
  const at = textAt(facts, place)?.indexOf(name) ?? -1;
  if (at < 0) return [];
  const start = place.span.start + at;
  const span = { start, end: start + name.length };
  return [replaceFix(`Use ${official}`, { file: place.file, span }, official, seen ? 'safe' : 'unsafe')];
}
