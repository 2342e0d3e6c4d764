import { hash } from 'node:crypto';
import type { JsonObject } from '../../system/index.ts';
import type { Inventory, JobEntry, RepositoryEntry } from '../model.ts';
import type { ObservedRun } from '../observed/observed-run.ts';
import { componentsOf, credentialRef, modelRef, packageRef, productRef, surfaceRef } from './components.ts';
import { element, properties, refOf } from './element.ts';
import { formulaOf, taskRef } from './formulation.ts';
import { serviceRef, servicesIn } from './services.ts';

export type CycloneDxVersion = '1.6' | '1.7';

const TOOL = 'tool/sallyport';
const ROOT = 'root';
const EPOCH = '1970-01-01T00:00:00Z';

/**
 * The inventory as CycloneDX (ECMA-424). The serial number is made from the content without its moment, so that two
 * inventories with the same number say the same. 1.6 knows no citations.
 */
export function cycloneDx(inventory: Inventory, version: CycloneDxVersion): JsonObject {
  const content = JSON.stringify(documentOf(inventory, version, EPOCH, undefined));
  return documentOf(inventory, version, inventory.takenAt, `urn:uuid:${uuidOf(content)}`);
}

function documentOf(
  inventory: Inventory,
  version: CycloneDxVersion,
  timestamp: string,
  serialNumber: string | undefined,
): JsonObject {
  const { repositories, runs } = inventory;
  const formulation = repositories.map(formulaOf);
  return element({
    bomFormat: 'CycloneDX',
    specVersion: version,
    serialNumber,
    version: 1,
    metadata: metadataOf(inventory, timestamp),
    components: [...repositories.flatMap(componentsOf), ...runs.map(ledgerComponent)],
    services: repositories.flatMap(servicesIn),
    dependencies: dependenciesOf(repositories),
    formulation,
    declarations: declarationsOf(repositories),
    citations: version === '1.7' ? citationsOf(inventory, timestamp) : undefined,
  });
}

/** RFC 9562 version 8: 122 bits of a hash. */
function uuidOf(content: string): string {
  const digits = hash('sha256', content);
  const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}

function metadataOf({ tool, repositories }: Inventory, timestamp: string): JsonObject {
  const [only] = repositories;
  return {
    timestamp,
    tools: { components: [{ type: 'application', 'bom-ref': TOOL, name: tool.name, version: tool.version }] },
    component: {
      type: 'application',
      'bom-ref': ROOT,
      name: repositories.length === 1 && only !== undefined ? only.name : `${repositories.length} repositories`,
    },
    properties: properties({
      repository: repositories.map(({ name, revision }) => `${name} at ${revision}`),
      'not-read': repositories.flatMap(({ name, gaps }) => gaps.map(({ kind, at }) => `${name}: ${kind}: ${at.file}`)),
    }),
  };
}

function ledgerRef({ name }: ObservedRun): string {
  return refOf('ledger', name);
}

function ledgerComponent(run: ObservedRun): JsonObject {
  return element({
    'bom-ref': ledgerRef(run),
    type: 'data',
    name: run.name,
    data: [{ type: 'other', classification: 'telemetry' }],
    properties: properties({ 'ledger:verdict': run.verdict, 'ledger:used': run.used, 'ledger:origin': run.origin }),
  });
}

/** Job → agent, model, files in force, credentials, services: the edges of the trust-boundary picture. */
function dependenciesOf(repositories: readonly RepositoryEntry[]): readonly JsonObject[] {
  const tasks = repositories.flatMap((repository) =>
    repository.jobs.map((job) => ({
      ref: taskRef(job, repository.name),
      dependsOn: [...new Set(needs(job, repository))],
    })),
  );
  return [{ ref: ROOT, dependsOn: tasks.map(({ ref }) => ref) }, ...tasks];
}

function needs(job: JobEntry, repository: RepositoryEntry): readonly string[] {
  const { name, agents } = repository;
  return agents
    .filter((agent) => agent.file === job.file && agent.job === job.job)
    .flatMap((agent) => [
      productRef(agent, name),
      modelRef(agent, name),
      ...agent.surfaces.filter(({ inForce }) => inForce !== 'no').map(({ path }) => surfaceRef(path, name)),
      ...agent.credentials.filter(({ reachable }) => reachable !== 'no').map((one) => credentialRef(one, agent, name)),
      ...agent.services.map((service) => serviceRef(service, name)),
      ...agent.services.flatMap(({ origin }) =>
        origin?.kind === 'package' || origin?.kind === 'image' ? [packageRef(origin, name)] : [],
      ),
    ]);
}

/** What is claimed of each job; the evidence says from what it follows. */
function declarationsOf(repositories: readonly RepositoryEntry[]): JsonObject | undefined {
  const jobs = repositories.flatMap(({ name, jobs }) => jobs.map((job) => ({ job, target: taskRef(job, name) })));
  if (jobs.length === 0) return undefined;
  return {
    assessors: [{ 'bom-ref': 'assessor/sallyport', thirdParty: false, organization: { name: 'sallyport' } }],
    claims: jobs.map(({ job, target }) => ({
      'bom-ref': `${target}/claim`,
      target,
      predicate: predicateOf(job),
      reasoning: `${job.certain} legs of the rule of two are certain, ${job.possible} are not excluded`,
      evidence: [`${target}/evidence`],
    })),
    evidence: jobs.map(({ job, target }) => ({
      'bom-ref': `${target}/evidence`,
      description: Object.entries(job.ruleOfTwo)
        .map(([leg, { is, why }]) => `${leg}: ${is} (${why.join('; ')})`)
        .join(' · '),
    })),
  };
}

function predicateOf({ certain, possible }: JobEntry): string {
  if (certain === 3) return 'untrusted input, private data and a way out meet in this job';
  if (possible === 3) return 'untrusted input, private data and a way out may meet in this job';
  return 'no path leads from untrusted input over a secret to a way out of this job';
}

/** Who told us: the scan of the files, and for what was observed the ledgers. */
function citationsOf({ repositories, runs }: Inventory, timestamp: string): readonly JsonObject[] {
  const agents = repositories.some((repository) => repository.agents.length > 0);
  const pointers = agents ? ['/components', '/services', '/formulation', '/declarations'] : ['/metadata'];
  const scan = { 'bom-ref': 'citation/scan', pointers, timestamp, attributedTo: TOOL, note: 'read from the files' };
  const used = runs.filter((run) => run.used && repositories.length > 0);
  const ledgers = used.map((run) => ({
    'bom-ref': refOf('citation', run.name),
    expressions: [
      "$.formulation[*].workflows[*].tasks[*].steps[*].properties[?match(@.name, 'sallyport:observed:.*')]",
    ],
    timestamp,
    attributedTo: ledgerRef(run),
    note: `read from a ledger whose verification says ${run.verdict}`,
  }));
  return [scan, ...ledgers];
}
