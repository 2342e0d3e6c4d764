import type {
  AgentEntry,
  Bit,
  CredentialEntry,
  DataFlow,
  Inventory,
  JobEntry,
  Location,
  ModelUse,
  Pin,
  Service,
  ToolGrant,
} from '../model.ts';

/** The same sentences in every form; nothing here is escaped. */

export function countWord(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function placeOf({ file, line, column }: Location): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}

export function summaryOf({ repositories, runs }: Inventory): string {
  const agents = repositories.flatMap((one) => one.agents);
  const jobs = repositories.flatMap((one) => one.jobs);
  const full = jobs.filter(({ certain, role }) => certain === 3 && role === 'active').length;
  const parts = [
    countWord(repositories.length, 'repository', 'repositories'),
    `${countWord(agents.length, 'agent')} in ${countWord(jobs.length, 'job')}`,
    `${countWord(full, 'live job')} with all three of untrusted input, private data and a way out`,
  ];
  return runs.length === 0 ? parts.join(', ') : `${parts.join(', ')}; ${countWord(runs.length, 'run ledger')}`;
}

export function legsOf({ certain, possible }: Pick<JobEntry, 'certain' | 'possible'>): string {
  return certain === possible ? `${certain} of 3` : `${certain} to ${possible} of 3`;
}

export function bitText({ is, why }: Bit): string {
  return `${is}: ${why.join('; ')}`;
}

export function pinText({ state, text }: Pin): string {
  return text === undefined ? state : `${text} (${state})`;
}

const STATED: { readonly [stated in ModelUse['stated']]: string } = {
  invocation: 'named where it is started',
  configuration: 'named in its configuration',
  'run-time': 'known only at run time',
  nowhere: 'no file names one: the product chooses',
};

export function modelText({ name, provider, stated, pinned }: ModelUse): string {
  if (name === undefined) return STATED[stated];
  const maker = provider === undefined ? '' : `, ${provider}`;
  return `${name}${maker}, ${STATED[stated]}${pinned ? '' : ', not fixed to a release'}`;
}

export function startText({ startedBy, gates, gateStrength }: AgentEntry): string {
  if (gates.length > 0 && gateStrength === 0) return `${startedBy}, no gate that holds for every trigger`;
  const through = gates.length === 0 && gateStrength === 0 ? 'no gate' : `gate strength ${gateStrength} of 5`;
  return `${startedBy}, ${through}`;
}

export function capabilityText({ read, write, execute, network, forgeWrite }: AgentEntry['capabilities']): string {
  const forge = forgeWrite ? ', writes to the forge' : '';
  return `reads ${read}, writes ${write}, runs ${execute} command, network ${network}${forge}`;
}

export function toolText({ effect, tool, command }: ToolGrant): string {
  const what = command === undefined ? tool : `${tool}(${command} …)`;
  return effect === 'allow' ? what : effect === 'deny' ? `not ${what}` : `only ${what}`;
}

export function ageText({ named, ageDays }: Pick<CredentialEntry, 'named' | 'ageDays'>): string {
  if (named === undefined) return 'age unknown';
  return ageDays === undefined ? `since ${named}` : `since ${named}, ${countWord(ageDays, 'day')}`;
}

const REACH = { yes: 'within reach', unknown: 'possibly within reach', no: 'out of reach' } as const;

export function reachText({ reachable }: Pick<CredentialEntry, 'reachable'>): string {
  return REACH[reachable];
}

/** `prompt, source-code, secret?`: a question mark stands for what nothing keeps from going. */
export function flowText(flows: readonly DataFlow[], direction: DataFlow['direction']): string {
  const classes = flows
    .filter((flow) => flow.direction === direction)
    .map(({ classification, certainty }) => (certainty === 'yes' ? classification : `${classification}?`));
  return classes.length === 0 ? '—' : [...new Set(classes)].join(', ');
}

export function hostText({ name, hosts }: Pick<Service, 'name' | 'hosts'>): string {
  const others = hosts.filter((host) => host !== name);
  return others.length === 0 ? name : `${name} (${others.join(', ')})`;
}

export function originText({ kind, origin }: Service): string {
  if (origin === undefined || origin.name === '') return kind === 'mcp' ? 'origin unknown' : '';
  const version = origin.version === undefined ? '' : `@${origin.version}`;
  const licence = origin.licence === undefined ? 'licence not stated' : `licence ${origin.licence}`;
  const publisher = origin.publisher === undefined ? '' : `, published by ${origin.publisher}`;
  const pinned = origin.pinned ? 'pinned' : 'not pinned';
  if (origin.kind === 'remote') return 'remote';
  return `${origin.kind} ${origin.name}${version}, ${pinned}, ${licence}${publisher}`;
}
