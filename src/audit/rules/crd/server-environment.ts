import type { McpServer } from '../../../agents/index.ts';
import type { AgentRun } from '../../../facts/index.ts';
import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { SOUND_WORKFLOW, withVariable } from './examples.ts';
import { eachRun, runDraft } from './run-report.ts';
import { addToSection } from './section-edit.ts';

const SWITCH = 'CLAUDE_CODE_MCP_ALLOWLIST_ENV';

const SERVER = {
  file: '.mcp.json',
  text: '{ "mcpServers": { "search": { "command": "npx", "args": ["-y", "@example/search-server@1.4.2"] } } }\n',
};

/** CRD016 */
export const serverEnvironment: Rule = {
  id: 'CRD016',
  name: 'mcp-server-inherits-environment',
  title: 'MCP servers of others inherit every secret of the agent',
  what: `A stdio server from a package runs beside an agent with secrets, and ${SWITCH} is not set.`,
  why: 'The server is a program of somebody else with the whole environment of the agent: the model key and every token of the job.',
  sources: ['Claude Code documentation, environment variables', 'postmark-mcp, 2025'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'CRD',
  fix: 'safe',
  advice: `Set \`${SWITCH}: "1"\` for the agent; give each server its own variables in \`env\`.`,
  tags: ['CWE-526', 'CWE-829'],
  attack: [{ file: '.github/workflows/review.yml', text: SOUND_WORKFLOW }, SERVER],
  benign: [...withVariable(`${SWITCH}: "1"`), SERVER],
  check: (facts) => eachRun(facts, inheriting),
};

function* inheriting(run: AgentRun): Generator<FindingDraft> {
  if (run.invocation.product !== 'claude-code' || isSet(run)) return;
  const secrets = run.credentials.filter(({ scope }) => scope === 'step' || scope === 'job' || scope === 'pipeline');
  const dead = new Set(
    run.effective
      .filter(({ kind, inForce }) => kind === 'mcp' && inForce === 'no')
      .map(({ place }) => `${place.file} ${place.span.start}`),
  );
  const servers = run.configuration
    .flatMap((configuration) => configuration.servers)
    .filter((server) => isForeign(server) && !dead.has(`${server.place.file} ${server.place.span.start}`));
  const [server] = servers;
  if (server === undefined || secrets.length === 0) return;
  const names = servers.map(({ name }) => name).join(', ');
  yield runDraft('CRD016', run, {
    message: `MCP server ${names} inherits ${[...new Set(secrets.map(({ name }) => name))].join(', ')} from the agent`,
    severity: 'medium',
    confidence: 'medium',
    place: server.place,
    about: `servers ${names}`,
    fixes: fixesFor(run),
  });
}

function isSet(run: AgentRun): boolean {
  const entries = [
    ...run.pipeline.environment,
    ...run.job.environment,
    ...run.stepPath.flatMap((step) => step.environment),
  ];
  return entries.some(({ name, value }) => name === SWITCH && value.text !== '0' && value.text !== 'false');
}

/** A program from a package or an image; a script of the repository is its own. */
function isForeign({ transport, command }: McpServer): boolean {
  if (transport !== 'stdio') return false;
  const program = command[0]?.split('/').at(-1) ?? '';
  return ['npx', 'bunx', 'pnpx', 'pnpm', 'yarn', 'uvx', 'uv', 'pipx', 'docker', 'podman', 'deno'].includes(program);
}

function fixesFor(run: AgentRun): readonly Fix[] {
  const [outer] = run.stepPath;
  const edit = addToSection(run.pipeline.file, outer?.node, 'env', { key: SWITCH, text: '"1"' });
  return edit === undefined
    ? []
    : [{ title: 'Give servers only their own variables', safety: 'safe', edits: [edit], creates: [] }];
}
