import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SallyportError } from '../../src/errors/index.ts';
import { type RegistryKind, resolveRegistries } from '../../src/policy/index.ts';

/** Client configuration as it stands on machines, and the hosts that follow from it. */
const CASES: readonly [RegistryKind, { [path: string]: string }, { [name: string]: string }, string[]][] = [
  [
    'npm',
    {
      '/srv/runner/.npmrc':
        'registry=https://npm.example.org/mirror/\n@acme:registry=http://10.0.0.5:4873\n//npm.example.org/:_authToken=x',
    },
    { HOME: '/srv/runner' },
    ['https://npm.example.org:443', 'http://10.0.0.5:4873'],
  ],
  ['npm', {}, { npm_config_registry: 'https://npm.example.org' }, ['https://npm.example.org:443']],
  [
    'npm',
    {
      '/opt/lib/node_modules/npm/node_modules/@npmcli/config/lib/definitions/definitions.js':
        "  registry: new Definition('registry', {\n    default: 'https://npm.example.org/',\n",
    },
    { PATH: '/opt/bin' },
    ['https://npm.example.org:443'],
  ],
  [
    'pypi',
    {
      '/etc/pip.conf':
        '[global]\nindex-url = https://py.example.org/simple\nextra-index-url = https://py2.example.org:8443/simple\n',
    },
    {},
    ['https://py.example.org:443', 'https://py2.example.org:8443'],
  ],
  [
    'pypi',
    {
      '/usr/lib/python3/dist-packages/pip/_internal/models/index.py':
        'PyPI = PackageIndex("https://py.example.org/", file_storage_domain="files.example.org")\nTest = PackageIndex("https://no.example.org/")',
    },
    {},
    ['https://py.example.org:443', 'https://files.example.org:443'],
  ],
  [
    'go',
    { '/usr/local/go/go.env': 'GOPROXY=https://go.example.org,direct\nGOSUMDB=sum.example.org\n' },
    {},
    ['https://go.example.org:443', 'https://sum.example.org:443'],
  ],
  [
    'cargo',
    { '/c/config.toml': '[registries.main]\nindex = "sparse+https://crates.example.org/index/"\n' },
    { CARGO_HOME: '/c' },
    ['https://crates.example.org:443'],
  ],
  [
    'maven',
    {
      '/h/.m2/settings.xml':
        '<mirrors><!-- <url>https://no.example.org</url> --><mirror><url>https://maven.example.org/x</url></mirror></mirrors>',
    },
    { HOME: '/h' },
    ['https://maven.example.org:443'],
  ],
  [
    'apt',
    {
      '/etc/apt/sources.list': '# x\ndeb [signed-by=/k] http://deb.example.org/debian stable main\n',
      '/etc/apt/sources.list.d/debian.sources': 'Types: deb\nURIs: https://sec.example.org/debian\n',
    },
    {},
    ['http://deb.example.org:80', 'https://sec.example.org:443'],
  ],
];

test("hosts come from the machine's own client configuration", () => {
  for (const [kind, files, environment, expected] of CASES) {
    const grants = resolveRegistries([kind], (path) => files[path], environment);
    assert.deepEqual(
      grants.map(({ protocol, host, port }) => `${protocol}://${host}:${port}`),
      expected,
      kind,
    );
    assert.ok(grants.every(({ id }) => id === `registry:${kind}`));
  }
});

test('an address literal of a mirror pins itself', () => {
  const [grant] = resolveRegistries(['npm'], () => undefined, { npm_config_registry: 'http://127.0.0.2:4873/' });
  assert.equal(grant?.address, '127.0.0.2');
});

test('a client without a registry is an error, not an open door', () => {
  assert.throws(
    () => resolveRegistries(['cargo'], () => undefined, {}),
    (error) => error instanceof SallyportError && error.code === 'SP1104',
  );
  assert.throws(() => resolveRegistries(['npm'], () => 'registry=file:///etc', { HOME: '/h' }), SallyportError);
});
