import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { analyseRule, type RuleUse } from '../../../src/agents/index.ts';

const FUZZ_RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 500);

describe('breadth', () => {
  const ROWS: readonly (readonly [string, string])[] = [
    ['Bash', 'everything'],
    ['Bash(*)', 'everything'],
    ['Bash(**)', 'everything'],
    ['Bash(:*)', 'everything'],
    ['Bash(npm:*)', 'package-manager'],
    ['Bash(npm run *)', 'runner'],
    ['Bash(npm run lint *)', 'narrow'],
    ['Bash(npm test)', 'exact'],
    ['Bash(npx *)', 'runner'],
    ['Bash(python3 *)', 'interpreter'],
    ['Bash(/usr/bin/python3:*)', 'interpreter'],
    ['Bash(sudo python3 *)', 'interpreter'],
    ['Bash(bash -c *)', 'interpreter'],
    ['Bash(python3.12 *)', 'interpreter'],
    ['Bash(pip3.11 *)', 'package-manager'],
    ['Bash(sudo -u root bash *)', 'interpreter'],
    ['Bash(timeout 10 python3 *)', 'interpreter'],
    ['Bash(timeout 10 *)', 'runner'],
    ['Bash(nice -n 5 *)', 'runner'],
    ['Bash(env CI=1 npm test)', 'exact'],
    ['Bash(timeout 10 ls *)', 'narrow'],
    ['Bash(docker run *)', 'runner'],
    ['Bash(docker ps *)', 'narrow'],
    ['Bash(find *)', 'runner'],
    ['Bash(make:*)', 'runner'],
    ['Bash(./scripts/*)', 'runner'],
    ['Bash(git:*)', 'git'],
    ['Bash(git diff:*)', 'narrow'],
    ['Bash(gh api *)', 'forge-cli'],
    ['Bash(gh pr view *)', 'narrow'],
    ['Bash(curl *)', 'network'],
    ['Bash(tee *)', 'file-writer'],
    ['Bash(ls *)', 'narrow'],
    ['WebFetch', 'network'],
    ['WebFetch(domain:docs.example.test)', 'narrow'],
    ['Write', 'file-writer'],
    ['Read(src/**)', 'narrow'],
    ['mcp__server__tool', 'unknown'],
  ];
  for (const [text, breadth] of ROWS) {
    it(`${text} is ${breadth}`, () => assert.equal(analyseRule('claude-code', text).breadth, breadth));
  }

  it('a pattern of Gemini CLI is a prefix', () => {
    assert.equal(analyseRule('gemini', 'run_shell_command').breadth, 'everything');
    assert.equal(analyseRule('gemini', 'run_shell_command(npm run)').breadth, 'runner');
    assert.equal(analyseRule('gemini', 'run_shell_command(git status)').breadth, 'narrow');
  });

  it('rules of other products are read in their own words', () => {
    assert.equal(analyseRule('copilot', 'shell').breadth, 'everything');
    assert.equal(analyseRule('copilot', 'shell(git:*)').breadth, 'git');
    assert.equal(analyseRule('opencode', 'bash').breadth, 'everything');
    assert.equal(analyseRule('opencode', 'bash(npm *)').breadth, 'package-manager');
  });
});

describe('dead rules', () => {
  const ROWS: readonly (readonly [string, RuleUse, string | undefined])[] = [
    ['Bash(npm :*)', 'allow', 'Bash(npm:*)'],
    ['Bash( npm test)', 'allow', 'Bash(npm test)'],
    ['Bash(npm  test)', 'allow', 'Bash(npm test)'],
    ['Bash(npm:*test)', 'allow', 'Bash(npm *test)'],
    ['Bash(make:*,git:*)', 'allow', 'Bash(make:*), Bash(git:*)'],
    ['Bash(command:npm test)', 'deny', 'Bash(npm test)'],
    ['Bash()', 'allow', 'Bash'],
    ['Bash(npm test && npm run build:*)', 'allow', 'Bash(npm test ), Bash( npm run build:*)'],
    ['Bash(NODE_ENV=test npm test)', 'allow', 'Bash(npm test)'],
    ['Bash npm test', 'allow', 'Bash(npm test)'],
    ['Read(src/**', 'deny', 'Read(src/**)'],
    ['bash(npm test)', 'allow', 'Bash(npm test)'],
    ['Read(/etc/hosts)', 'deny', 'Read(//etc/hosts)'],
    ['Read({src,docs}/**)', 'deny', 'Read(src/**), Read(docs/**)'],
    ['Read($HOME/.ssh/**)', 'deny', 'Read(~/.ssh/**)'],
    ['Read(.)', 'deny', 'Read(./**)'],
    ['Write(src/**)', 'deny', 'Edit(src/**)'],
    ['Glob(src/**)', 'deny', 'Read(src/**)'],
    ['mcp__gh(*)', 'allow', 'mcp__gh'],
    ['mcp__gh__', 'allow', 'mcp__gh'],
    ['mcp__*', 'allow', 'mcp__SERVER'],
    ['WebFetch(docs.example.test)', 'allow', 'WebFetch(domain:docs.example.test)'],
    ['WebFetch(https://docs.example.test/a)', 'allow', 'WebFetch(domain:docs.example.test)'],
    ['WebFetch(domain:docs.example.test/a)', 'allow', 'WebFetch(domain:docs.example.test)'],
    ['Agent(a,b)', 'deny', 'Agent(a), Agent(b)'],
    ['B*', 'allow', undefined],
    ['Bash(a > b)', 'allow', undefined],
  ];
  for (const [text, use, rewrite] of ROWS) {
    it(`${use} ${text} matches nothing`, () => {
      const meaning = analyseRule('claude-code', text, use);
      assert.notEqual(meaning.dead, undefined);
      if (rewrite !== undefined && !text.includes('&&')) assert.equal(meaning.rewrite, rewrite);
    });
  }

  const ALIVE: readonly (readonly [string, RuleUse])[] = [
    ['Bash(npm test)', 'allow'],
    ['Bash(npm:*)', 'allow'],
    ['Bash( * )', 'allow'],
    ['Bash(npm test && npm run build)', 'allow'],
    ['Bash(FOO=bar npm:*)', 'allow'],
    ['Bash(echo "a)b")', 'allow'],
    ['Bash(a > b)', 'deny'],
    ['Read(/src/**)', 'deny'],
    ['Read([st]rc/**)', 'deny'],
    ['Read(//etc/**)', 'deny'],
    ['Write(*)', 'deny'],
    ['mcp__gh__get_*', 'allow'],
    ['mcp__*__get_issue', 'deny'],
    ['WebFetch(domain:*.example.test)', 'allow'],
    ['B*', 'deny'],
  ];
  for (const [text, use] of ALIVE) {
    it(`${use} ${text} matches something`, () => assert.equal(analyseRule('claude-code', text, use).dead, undefined));
  }

  it('nothing is called dead for a product that was not measured', () => {
    assert.equal(analyseRule('copilot', 'shell(git :*)').dead, undefined);
  });
});

describe('loose rules', () => {
  it('a star without a word border continues the word', () => {
    const meaning = analyseRule('claude-code', 'Bash(ls*)');
    assert.match(meaning.loose ?? '', /word border/);
    assert.equal(meaning.rewrite, 'Bash(ls *)');
    assert.equal(analyseRule('claude-code', 'Bash(ls *)').loose, undefined);
    assert.equal(analyseRule('claude-code', 'Bash(ls:*)').loose, undefined);
  });

  it('a domain that begins with a star and a letter matches other domains', () => {
    const meaning = analyseRule('claude-code', 'WebFetch(domain:*example.test)');
    assert.equal(meaning.rewrite, 'WebFetch(domain:*.example.test)');
    assert.equal(analyseRule('claude-code', 'WebFetch(domain:*.example.test)').loose, undefined);
  });
});

it('says what a rule gives', () => {
  assert.ok(analyseRule('claude-code', 'Bash(npm ci)').grants.includes('install'));
  assert.ok(analyseRule('claude-code', 'Bash(uv sync:*)').grants.includes('install'));
  assert.ok(analyseRule('claude-code', 'Bash(gh pr merge *)').grants.includes('merge'));
  assert.ok(analyseRule('claude-code', 'Bash(git push *)').grants.includes('git-push'));
  assert.ok(analyseRule('claude-code', 'Bash(codex *)').grants.includes('start-agent'));
  assert.deepEqual(analyseRule('claude-code', 'Bash(ls *)').grants, []);
});

it('no text makes it fail', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string().map((inner) => `Bash(${inner})`),
    fc.string().map((inner) => `Read(${inner})`),
  );
  fc.assert(
    fc.property(text, fc.constantFrom<RuleUse>('allow', 'deny'), (rule, use) => {
      analyseRule('claude-code', rule, use);
      analyseRule('gemini', rule, use);
    }),
    { numRuns: FUZZ_RUNS },
  );
});
