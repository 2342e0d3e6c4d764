import { after, before, describe, it } from 'node:test';
import { type Case, checkCase, sentenceOf } from '../cases.ts';
import { loadTools, type Tools } from '../trees.ts';

const COMMIT = '08c6903cd8c0fde910a37f88322edcfb5dd907a8';
const OTHER = '93cb6efe18208431cddfb8368fd83d5badbf9bfd';
const MARKETPLACE = '.claude-plugin/marketplace.json';
const LIKE_PIN = 'code-source-like-pin';
const UNPINNED = 'code-source-unpinned';

const plugin = (pin: string): string =>
  `{\n  "plugins": [\n    { "name": "format", "source": { "source": "github", "repo": "acme/format", ${pin} } }\n  ]\n}\n`;
const known = (pin: string): string =>
  `{ "extraKnownMarketplaces": { "tools": { "source": { "source": "git", "url": "https://git.example.test/acme/tools.git", ${pin} } } } }\n`;
const templates = (revision: string): string =>
  `repos:\n  - repo: https://git.example.test/acme/templates\n    rev: ${revision}\n    into: docs\n`;

const one = (name: string, file: string, was: string, now: string, control: string | undefined): Case => ({
  name,
  file,
  before: was,
  after: now,
  control,
});

const CASES: readonly Case[] = [
  one('a branch named like a commit', MARKETPLACE, plugin(`"sha": "${COMMIT}"`), plugin(`"ref": "${OTHER}"`), LIKE_PIN),
  one('a tag named like a short commit', MARKETPLACE, plugin('"ref": "v1.0.0"'), plugin('"ref": "93cb6ef"'), LIKE_PIN),
  one('a name of forty digits', MARKETPLACE, plugin('"ref": "v1.0.0"'), plugin(`"ref": "${'7'.repeat(40)}"`), LIKE_PIN),
  one(
    'a marketplace in settings',
    '.claude/settings.json',
    known('"ref": "v1.0.0"'),
    known(`"ref": "${OTHER}"`),
    LIKE_PIN,
  ),
  one(
    'plugins in TOML',
    'agents/plugins.toml',
    `[[plugin]]\ngit = "https://git.example.test/acme/format"\nrev = "${COMMIT}"\n`,
    `[[plugin]]\ngit = "https://git.example.test/acme/format"\nbranch = "${OTHER}"\n`,
    LIKE_PIN,
  ),
  one('a commit given up for a branch', MARKETPLACE, plugin(`"sha": "${COMMIT}"`), plugin('"ref": "main"'), UNPINNED),
  one('templates that follow a release', 'tools/sources.yaml', templates(COMMIT), templates('v2.1.0'), UNPINNED),

  one('another commit', MARKETPLACE, plugin(`"sha": "${COMMIT}"`), plugin(`"sha": "${OTHER}"`), undefined),
  one(
    'a release beside the commit',
    MARKETPLACE,
    plugin(`"sha": "${COMMIT}"`),
    plugin(`"ref": "v2.1.0", "sha": "${OTHER}"`),
    undefined,
  ),
  one('a later release of templates', 'tools/sources.yaml', templates('v2.0.0'), templates('v2.1.0'), undefined),
  one('another commit of templates', 'tools/sources.yaml', templates(COMMIT), templates(OTHER), undefined),
  one(
    'a package that says where it comes from',
    'package.json',
    '{ "version": "1.0.0" }\n',
    '{ "version": "1.0.1", "repository": { "type": "git", "url": "https://git.example.test/acme/app.git" } }\n',
    undefined,
  ),
  one(
    'a commit as git takes it, in a format of no agent',
    'pubspec.yaml',
    'dependencies:\n  pad:\n    git: { url: https://git.example.test/acme/pad.git, ref: v1.0.0 }\n',
    `dependencies:\n  pad:\n    git: { url: https://git.example.test/acme/pad.git, ref: ${OTHER} }\n`,
    undefined,
  ),
];

describe('code that is named by a repository and a ref', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const example of CASES) it(sentenceOf(example), () => checkCase(example, tools));
});
