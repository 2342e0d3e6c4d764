import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import {
  type AgentEntry,
  credentialLines,
  renderInventory,
  takeInventory,
  trifectaJobs,
} from '../../src/inventory/index.ts';
import { CONTAINED, factsOf, inventoryOf, OPEN, onlyRepository, REVIEW, SAMPLE, TAKEN } from './sample.ts';

function agentOf(files: { readonly [path: string]: string }): AgentEntry {
  const [agent] = onlyRepository(inventoryOf(files)).agents;
  assert.ok(agent);
  return agent;
}

test('an agent is listed with product, pin, model, triggers, gates and tools', () => {
  const agent = agentOf(SAMPLE);
  assert.equal(agent.product, 'claude-code');
  assert.deepEqual(agent.pin, { state: 'movable', text: 'v1' });
  assert.equal(agent.model.name, 'claude-sonnet-4-5');
  assert.equal(agent.model.provider, 'anthropic');
  assert.deepEqual(
    agent.triggers.map(({ event, untrusted }) => [event, untrusted]),
    [
      ['pull_request_target', true],
      ['issue_comment', true],
    ],
  );
  assert.equal(agent.gateStrength, 4);
  assert.equal(agent.startedBy, 'member');
  assert.deepEqual(
    agent.tools.map(({ effect, tool, command }) => [effect, tool, command]),
    [
      ['allow', 'Bash', 'gh pr comment'],
      ['allow', 'mcp__tickets__search', undefined],
      ['allow', 'Edit', undefined],
    ],
  );
});

test('an agent stands at the line and column of the word that starts it', () => {
  assert.deepEqual(agentOf(SAMPLE).at, { file: '.github/workflows/review.yml', line: 19, column: 15 });
});

test('credentials are listed by kind, scope and exposure', () => {
  const rows = agentOf(SAMPLE).credentials.map(({ name, class: kind, scope, exposure }) => [
    name,
    kind,
    scope,
    exposure,
  ]);
  assert.deepEqual(rows.toSorted(), [
    ['ANTHROPIC_API_KEY', 'model-key', 'step', 'env'],
    ['GITHUB_TOKEN', 'forge-token', 'file', 'file'],
    ['NPM_TOKEN', 'registry', 'step', 'env'],
    ['id-token', 'cloud', 'mintable', 'oidc'],
  ]);
});

test('every service has its zone, and every flow a class and a direction', () => {
  const services = new Map(agentOf(SAMPLE).services.map((service) => [service.key, service]));
  const zones = [...services].map(([key, { zone }]) => [key, zone]);
  assert.deepEqual(zones.toSorted(), [
    ['any-host:hosts its network tools may ask', 'public'],
    ['forge', 'ci'],
    ['mcp:remote', 'third-party'],
    ['mcp:tickets', 'third-party'],
    ['model:anthropic', 'third-party'],
    ['registry:npm', 'third-party'],
    ['telemetry:OTEL_EXPORTER_OTLP_ENDPOINT', 'third-party'],
    ['telemetry:claude-code', 'third-party'],
    ['webhook:hooks.example.test', 'third-party'],
  ]);
  const flows = services
    .get('model:anthropic')
    ?.flows.map(({ direction, classification, certainty }) => [direction, classification, certainty]);
  assert.deepEqual(flows, [
    ['outbound', 'prompt', 'yes'],
    ['outbound', 'source-code', 'yes'],
    ['outbound', 'secret', 'unknown'],
    ['outbound', 'pii', 'unknown'],
    ['inbound', 'prompt', 'yes'],
  ]);
  assert.deepEqual(services.get('mcp:remote')?.hosts, ['mcp.example.test']);
});

test('the licence and publisher of an MCP package are those that the files state', () => {
  const origin = agentOf(SAMPLE).services.find(({ key }) => key === 'mcp:tickets')?.origin;
  assert.deepEqual(origin, {
    kind: 'package',
    name: '@acme/tickets-mcp',
    version: '1.2.3',
    pinned: true,
    licence: 'MIT',
    publisher: 'acme',
  });
  const without = agentOf({ ...SAMPLE, 'package-lock.json': '{}' });
  assert.equal(without.services.find(({ key }) => key === 'mcp:tickets')?.origin?.licence, undefined);
});

test('a server on the command line, inline or as a file, has its origin; a template has none', () => {
  const origin = (argument: string, files: { readonly [path: string]: string } = {}) => {
    const step = `claude --mcp-config ${argument} --strict-mcp-config --dangerously-skip-permissions`;
    const agent = agentOf({ '.github/workflows/a.yml': OPEN.replace(/claude --dang\S+/, step), ...files });
    return agent.services.find(({ kind }) => kind === 'mcp')?.origin?.name;
  };
  const servers = JSON.stringify({ mcpServers: { one: { command: 'npx', args: ['-y', '@acme/one@1.0.0'] } } });
  assert.equal(origin(`'${servers}'`), '@acme/one');
  assert.equal(origin('ci/servers.json', { 'ci/servers.json': servers }), '@acme/one');
  assert.equal(origin('"$SERVERS"'), undefined);
});

test('files in force carry the hash of their text, a skill its licence', () => {
  const repository = onlyRepository(inventoryOf(SAMPLE));
  const instructions = repository.surfaces.find(({ path }) => path === 'CLAUDE.md');
  assert.equal(instructions?.sha256, hash('sha256', '# How we work\n'));
  assert.equal(repository.surfaces.find(({ path }) => path.endsWith('SKILL.md'))?.licence, 'Apache-2.0');
  assert.equal(repository.agents[0]?.surfaces.find(({ path }) => path === 'CLAUDE.md')?.inForce, 'yes');
});

test('all three legs in a live job are the trifecta', () => {
  const inventory = inventoryOf({ '.github/workflows/triage.yml': OPEN });
  const [job] = onlyRepository(inventory).jobs;
  assert.equal(job?.certain, 3);
  assert.match(job?.ruleOfTwo.untrusted.why[0] ?? '', /issue\.body/);
  assert.deepEqual(
    trifectaJobs(inventory).map(({ repository, job: { id } }) => [repository, id]),
    [['acme/app', '.github/workflows/triage.yml#triage']],
  );
});

test('a job of a file that is only a template is no trifecta', () => {
  const inventory = inventoryOf({ '.github/workflows/triage.yml': OPEN });
  const repositories = inventory.repositories.map((repository) => ({
    ...repository,
    jobs: repository.jobs.map((job) => ({ ...job, role: 'template' })),
  }));
  assert.deepEqual(trifectaJobs({ ...inventory, repositories }), []);
});

test('a contained run holds no credential and has no way out of its own', () => {
  const inventory = inventoryOf({ '.github/workflows/triage.yml': CONTAINED });
  const { agents, jobs } = onlyRepository(inventory);
  assert.deepEqual(
    agents[0]?.credentials.map(({ exposure, reachable }) => [exposure, reachable]),
    [['broker', 'no']],
  );
  assert.equal(jobs[0]?.ruleOfTwo.privateData.is, 'no');
  assert.equal(jobs[0]?.ruleOfTwo.wayOut.is, 'no');
  assert.equal(
    agents[0]?.services.find(({ kind }) => kind === 'any-host'),
    undefined,
  );
});

test('another address takes the place of the vendor, a cloud switch too, and a variable leaves both open', () => {
  const at = (extra: string): string | undefined =>
    agentOf({ '.github/workflows/a.yml': `${OPEN}          ${extra}\n` }).services.find(({ kind }) => kind === 'model')
      ?.name;
  assert.equal(at('ANTHROPIC_BASE_URL: https://user:pw@gateway.example.test/v1?k=1'), 'gateway.example.test');
  assert.equal(at('CLAUDE_CODE_USE_BEDROCK: "1"'), 'Amazon Bedrock');
  assert.equal(at('CLAUDE_CODE_USE_BEDROCK: ${{ vars.BEDROCK }}'), 'Anthropic API or Amazon Bedrock');
  assert.equal(at('CLAUDE_CODE_USE_BEDROCK: "0"'), 'Anthropic API');
});

test('an address that other programs of the job ask is none of the agent’s', () => {
  const withVariable = (line: string) =>
    agentOf({ '.github/workflows/a.yml': OPEN.replace('BODY:', `${line}\n          BODY:`) }).services.find(
      ({ kind }) => kind === 'model',
    )?.key;
  assert.equal(withVariable('OPENAI_BASE_URL: https://tests.example.test'), 'model:anthropic');
  assert.equal(withVariable("ANTHROPIC_BASE_URL: ''"), 'model:anthropic');
  assert.equal(withVariable('ANTHROPIC_BASE_URL: https://proxy.example.test'), 'model:own-address');
  assert.equal(withVariable('ANTHROPIC_VERTEX_BASE_URL: https://proxy.example.test'), 'model:own-address');
});

test('the vendor of Gemini hears of its use unless the settings say no; a variable for traces is none', () => {
  const reports = (environment: string, settings: object) =>
    agentOf({
      '.github/workflows/a.yml': OPEN.replace('claude --dangerously-skip-permissions', 'gemini --yolo').replace(
        'BODY:',
        `${environment}\n          BODY:`,
      ),
      '.gemini/settings.json': JSON.stringify(settings),
    }).services.some(({ key }) => key === 'telemetry:gemini');
  assert.equal(reports("GEMINI_TELEMETRY_ENABLED: 'true'", {}), true);
  assert.equal(reports("GEMINI_TELEMETRY_ENABLED: 'false'", { privacy: { usageStatisticsEnabled: true } }), true);
  assert.equal(reports('X: y', { privacy: { usageStatisticsEnabled: false } }), false);
});

test('a commit that claims a day beyond all dates has no age', () => {
  const [line] = credentialLines(factsOf({ '.github/workflows/a.yml': OPEN }));
  assert.ok(line);
  const dates = new Map([[`${line.path}:${line.line}`, 99_999_999_999_999]]);
  const agents = onlyRepository(inventoryOf({ '.github/workflows/a.yml': OPEN }, [], dates)).agents;
  const aged = agents[0]?.credentials.find(({ at }) => at.line === line.line);
  assert.deepEqual([aged?.named, aged?.ageDays], [undefined, undefined]);
});

test('telemetry that is switched off is no service', () => {
  const agent = agentOf({ '.github/workflows/a.yml': `${OPEN}          DISABLE_TELEMETRY: "1"\n` });
  assert.equal(
    agent.services.find(({ kind }) => kind === 'telemetry'),
    undefined,
  );
});

test('an installation by exact version pins the agent, one without a version does not', () => {
  const pin = (install: string) =>
    agentOf({
      '.github/workflows/a.yml': OPEN.replace('      - run: claude', `      - run: ${install}\n      - run: claude`),
    }).pin;
  assert.deepEqual(pin('npm install -g @anthropic-ai/claude-code@2.1.300'), { state: 'pinned', text: '2.1.300' });
  assert.deepEqual(pin('npm install -g @anthropic-ai/claude-code'), { state: 'unpinned', text: undefined });
  assert.deepEqual(pin('npm ci'), { state: 'unknown', text: undefined });
});

test('a credential is as old as the line that names it', () => {
  const lines = credentialLines(factsOf({ '.github/workflows/triage.yml': OPEN }));
  const key = lines.find(({ text }) => text.includes('ANTHROPIC_API_KEY'));
  assert.equal(key?.line, 10);
  const dates = new Map([['.github/workflows/triage.yml:10', Date.UTC(2026, 1, 1) / 1000]]);
  const inventory = inventoryOf({ '.github/workflows/triage.yml': OPEN }, [], dates);
  const entry = onlyRepository(inventory).agents[0]?.credentials.find(({ name }) => name === 'ANTHROPIC_API_KEY');
  assert.deepEqual([entry?.named, entry?.ageDays], ['2026-02-01', 28]);
});

test('a release tool with "semantic" in its name and a model word in a comment are no agents', () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: cycjimmy/semantic-release-action@v4 # claude\n';
  assert.deepEqual(onlyRepository(inventoryOf({ '.github/workflows/a.yml': text })).agents, []);
});

test('an empty repository is an inventory without agents', () => {
  const repository = onlyRepository(inventoryOf({}));
  assert.deepEqual([repository.agents, repository.jobs, repository.surfaces], [[], [], []]);
});

test('a file that cannot be read is a gap with its place', () => {
  const repository = onlyRepository(inventoryOf({ '.github/workflows/a.yml': 'on: [push\njobs: }{' }));
  assert.ok(repository.gaps.length > 0);
  assert.equal(repository.gaps[0]?.at.file, '.github/workflows/a.yml');
});

test('two hundred repositories are one inventory', () => {
  const facts = factsOf({ ...SAMPLE, '.github/workflows/triage.yml': OPEN });
  const repositories = Array.from({ length: 200 }, (_, index) => ({ name: `acme/app-${index}`, facts }));
  const inventory = takeInventory(repositories, [], { takenAt: TAKEN, version: '0.0.0' });
  assert.equal(inventory.repositories.length, 200);
  assert.equal(trifectaJobs(inventory).length, 200);
  assert.equal(renderInventory(inventory, 'html').match(/<svg /g)?.length, 400);
  assert.ok(renderInventory(inventory, 'cyclonedx').length > 1_000_000);
});

test('the place of the review agent does not depend on other files', () => {
  const alone = agentOf({ '.github/workflows/review.yml': REVIEW });
  assert.deepEqual(alone.at, agentOf(SAMPLE).at);
});
