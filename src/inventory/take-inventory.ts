import type { Facts } from '../facts/index.ts';
import { describeAgent } from './agent-entry.ts';
import { findKeysInFiles } from './literal-keys.ts';
import type { AgentEntry, Inventory, JobEntry, RepositoryEntry } from './model.ts';
import { matchRuns, withObserved } from './observed/comparison.ts';
import type { ObservedRun } from './observed/observed-run.ts';
import { createPlaces, type LineDates } from './places.ts';
import { countLegs, joinRules } from './rule-of-two.ts';
import { shownText } from './shown-text.ts';
import { listSurfaces } from './surfaces.ts';

/** One repository as it was read. */
export interface InventoriedRepository {
  readonly name: string;
  readonly facts: Facts;
  /** When each line that names a credential was last changed; see `credentialLines`. None: no age is known. */
  readonly dates?: LineDates;
}

export interface InventoryOptions {
  /** Moment of the inventory, ISO 8601 in UTC; ages count up to it. */
  readonly takenAt: string;
  readonly version: string;
}

/**
 * The AI bill of materials: which agents run where, who starts them, what they read, hold, may do and talk to; with
 * `observed` also what they really did. A pure function: the same input gives the same inventory, and no value of a
 * secret is in it.
 */
export function takeInventory(
  repositories: readonly InventoriedRepository[],
  observed: readonly ObservedRun[],
  { takenAt, version }: InventoryOptions,
): Inventory {
  const entries = repositories.map((one) => describeRepository(one, takenAt));
  const { byAgent, unmatched } = matchRuns(entries, observed);
  return {
    version: 1,
    takenAt,
    tool: { name: 'sallyport', version },
    repositories: entries.map((entry) => ({
      ...entry,
      agents: entry.agents.map((agent) => withObserved(agent, byAgent.get(agent) ?? [])),
    })),
    runs: observed,
    unmatchedRuns: unmatched,
  };
}

function describeRepository({ name, facts, dates }: InventoriedRepository, takenAt: string): RepositoryEntry {
  const places = createPlaces(facts, dates ?? new Map(), takenAt);
  const agents = facts.runs.map((run) => describeAgent(run, facts, places));
  return {
    name,
    revision: facts.tree.revision,
    filesRead: facts.filesRead,
    agents,
    jobs: jobsOf(agents),
    surfaces: listSurfaces(facts),
    literalKeys: findKeysInFiles(facts).map(({ kind, confidence, place }) => {
      const at = places.at(place);
      return { kind, confidence, at, ...places.age(at) };
    }),
    gaps: facts.gaps.map(({ kind, message, place }) => ({ kind, message: shownText(message), at: places.at(place) })),
  };
}

function jobsOf(agents: readonly AgentEntry[]): readonly JobEntry[] {
  const jobs = Map.groupBy(agents, ({ file, job }) => `${file}#${job}`);
  return [...jobs].flatMap(([id, members]): JobEntry[] => {
    const [first] = members;
    if (first === undefined) return [];
    const { file, job, role } = first;
    const rule = joinRules(members.map(({ ruleOfTwo }) => ruleOfTwo));
    return [{ id, file, job, role, agents: members.map((one) => one.id), ruleOfTwo: rule, ...countLegs(rule) }];
  });
}

/** Jobs of live files in which all three of untrusted input, private data and a way out certainly meet. */
export function trifectaJobs(inventory: Inventory): readonly { readonly repository: string; readonly job: JobEntry }[] {
  return inventory.repositories.flatMap(({ name, jobs }) =>
    jobs.filter((job) => job.role === 'active' && job.certain === 3).map((job) => ({ repository: name, job })),
  );
}
