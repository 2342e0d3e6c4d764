import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KNOWN_AGENTS, repositoryFilesOf, SURFACES } from '../../../src/agents/index.ts';
import { createClassifier } from '../../../src/policy/index.ts';

/** What the built-in rules of the file plane withhold from an agent and the gate reports. */
const PROTECTED: ReadonlySet<string> = new Set(['agent-config', 'instruction', 'ci', 'execution-bearing']);

/** Names that other tools use for other things as well; their content is read by the audit, their path says too little. */
const TOO_COMMON: ReadonlySet<string> = new Set(['.env', 'recipe.yaml', 'recipe.yml']);

/** One path for each alternative of a pattern. */
function pathsOf(glob: string): readonly string[] {
  const choice = /\{([^{}]*)\}/.exec(glob);
  if (choice === null) return [glob.replaceAll('**/', '').replaceAll('*', 'x')];
  const [before, after] = [glob.slice(0, choice.index), glob.slice(choice.index + choice[0].length)];
  return (choice[1] ?? '').split(',').flatMap((one) => pathsOf(`${before}${one}${after}`));
}

describe('files that configure an agent', () => {
  const classify = createClassifier();
  const own = SURFACES.filter(({ product, role }) => !(role === 'plugin' && product === 'any') && role !== 'plugin');

  test('are all of a class that the policy protects and the gate reports', () => {
    const open = own
      .flatMap(({ glob }) => pathsOf(glob))
      .filter((path) => !TOO_COMMON.has(path) && !path.startsWith('recipes/'))
      .filter((path) => !PROTECTED.has(classify(path).class));
    assert.deepEqual(open, []);
  });

  test('are still so below a folder and in other letters', () => {
    for (const path of ['pkg/.codex/agents/a.toml', 'pkg/.GOOSE/config.yaml', 'a/GEMINI-extension.json', '.Devin/x.md'])
      assert.ok(PROTECTED.has(classify(path).class), path);
    assert.equal(classify('docs/codex.md').class, 'documentation');
    assert.equal(classify('src/managed-settings.ts').class, 'source');
  });

  test('are named for every agent that can be started', () => {
    for (const { product, title } of KNOWN_AGENTS) assert.ok(repositoryFilesOf(product).length > 0, title);
    const copilot = repositoryFilesOf('copilot');
    for (const name of ['.github/hooks/', '.mcp.json', '.claude/', 'CLAUDE.md', 'GEMINI.md', 'AGENTS.md', '.agents/'])
      assert.ok(copilot.includes(name), name);
    assert.ok(!repositoryFilesOf('codex').includes('.env'));
    assert.ok(repositoryFilesOf('aider').includes('.env'));
  });
});
