import { after, before, describe, it } from 'node:test';
import { type Case, checkCase, sentenceOf } from '../cases.ts';
import { loadTools, type Tools } from '../trees.ts';

const HASH = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const HOST = 'https://packages.example.test';

interface Format {
  readonly file: string;
  readonly text: (version: string, host: string, hash: string) => string;
}

/** One package in every format, with the fields that the format has. */
const WITH_ADDRESS: readonly Format[] = [
  {
    file: 'package-lock.json',
    text: (version, host, hash) =>
      `{"packages":{"node_modules/pad":{"version":"${version}","resolved":"${host}/pad-${version}.tgz","integrity":"sha512-${hash}"}}}`,
  },
  {
    file: 'npm-shrinkwrap.json',
    text: (version, host, hash) =>
      `{"dependencies":{"pad":{"version":"${version}","resolved":"${host}/pad-${version}.tgz","integrity":"sha512-${hash}"}}}`,
  },
  {
    file: 'yarn.lock',
    text: (version, host, hash) =>
      `# yarn lockfile v1\n\n"pad@^1.0.0":\n  version "${version}"\n  resolved "${host}/pad-${version}.tgz"\n  integrity sha512-${hash}\n`,
  },
  {
    file: 'uv.lock',
    text: (version, host, hash) =>
      `version = 1\n\n[[package]]\nname = "pad"\nversion = "${version}"\nsource = { registry = "${host}/simple" }\nsdist = { url = "${host}/pad-${version}.tar.gz", hash = "sha256:${hash}", size = 1 }\n`,
  },
  {
    file: 'composer.lock',
    text: (version, host, hash) =>
      `{"packages":[{"name":"acme/pad","version":"${version}","dist":{"type":"zip","url":"${host}/pad-${version}.zip","shasum":"${hash}"}}]}`,
  },
  {
    file: 'Cargo.lock',
    text: (version, host, hash) =>
      `version = 4\n\n[[package]]\nname = "pad"\nversion = "${version}"\nsource = "registry+${host}/index"\nchecksum = "${hash}"\n`,
  },
];
const WITHOUT_ADDRESS: readonly Format[] = [
  {
    file: 'pnpm-lock.yaml',
    text: (version, _host, hash) =>
      `lockfileVersion: '9.0'\n\npackages:\n\n  pad@${version}:\n    resolution: {integrity: sha512-${hash}}\n`,
  },
  {
    file: 'poetry.lock',
    text: (version, _host, hash) =>
      `[[package]]\nname = "pad"\nversion = "${version}"\nfiles = [\n    {file = "pad-${version}.tar.gz", hash = "sha256:${hash}"},\n]\n`,
  },
  {
    file: 'Pipfile.lock',
    text: (version, _host, hash) => `{"default":{"pad":{"version":"==${version}","hashes":["sha256:${hash}"]}}}`,
  },
  { file: 'go.sum', text: (version, _host, hash) => `example.test/pad v${version} h1:${hash.slice(0, 43)}=\n` },
  { file: 'requirements.txt', text: (version, _host, hash) => `pad==${version} \\\n    --hash=sha256:${hash}\n` },
];

const CASES: readonly Case[] = [
  ...WITH_ADDRESS.map(
    ({ file, text }): Case => ({
      name: `another host at the same version in ${file}`,
      file,
      before: text('1.0.0', HOST, HASH),
      after: text('1.0.0', 'https://example.test', HASH),
      control: 'lock-address-changed',
    }),
  ),
  ...[...WITH_ADDRESS, ...WITHOUT_ADDRESS].flatMap(({ file, text }): Case[] => [
    {
      name: `another digest at the same version in ${file}`,
      file,
      before: text('1.0.0', HOST, HASH),
      after: text('1.0.0', HOST, OTHER),
      control: 'lock-digest-changed',
    },
    {
      name: `an update in ${file}`,
      file,
      before: text('1.0.0', HOST, HASH),
      after: text('1.1.0', HOST, OTHER),
      control: undefined,
    },
  ]),
  {
    name: 'a repository in place of a registry',
    file: 'package-lock.json',
    before: '{"packages":{"node_modules/a":{"version":"1.0.0","resolved":"https://packages.example.test/a.tgz"}}}',
    after:
      '{"packages":{"node_modules/a":{"version":"1.0.0","resolved":"https://packages.example.test/a.tgz"},"node_modules/b":{"version":"1.0.0","resolved":"git+ssh://git@packages.example.test/b.git#0123456"}}}',
    control: 'lock-source-loose',
  },
  {
    name: 'a removed digest in requirements',
    file: 'requirements.txt',
    before: `pad==1.0.0 --hash=sha256:${HASH}\n`,
    after: 'pad==1.0.0\n',
    control: 'lock-digest-removed',
  },
  {
    name: 'another registry in a lock file of Ruby',
    file: 'Gemfile.lock',
    before: 'GEM\n  remote: https://packages.example.test/\n  specs:\n    pad (1.0.0)\n',
    after: 'GEM\n  remote: https://example.test/\n  specs:\n    pad (1.0.0)\n',
    control: 'lock-address-changed',
  },
];

describe('the comparison of lock files', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const one of CASES) it(sentenceOf(one), () => checkCase(one, tools));
});
