import type { RegistryKind } from '../document.ts';

type Environment = { readonly [name: string]: string | undefined };

/** Where one package client keeps the address of its registry. */
export interface RegistrySource {
  readonly variables: readonly string[];
  splitVariable(value: string): readonly string[];
  /** Configuration files, the system's and the user's. */
  files(environment: Environment): readonly string[];
  urlsIn(content: string): readonly string[];
  /** Files of the installed client that hold its default. */
  shipped(environment: Environment): readonly string[];
  shippedUrlsIn(content: string): readonly string[];
}

const PYTHON_VERSIONS = Array.from({ length: 12 }, (_, index) => `python3.${index + 8}`);
const none = () => [];

const npm: RegistrySource = {
  variables: ['npm_config_registry', 'NPM_CONFIG_REGISTRY'],
  splitVariable: (value) => [value],
  files: (environment) => [
    ...pathFrom(environment['NPM_CONFIG_USERCONFIG']),
    ...inHome(environment, '.npmrc'),
    '/etc/npmrc',
    '/usr/etc/npmrc',
    '/usr/local/etc/npmrc',
  ],
  urlsIn: (content) => captures(content, /^\s*(?:@[^\s:=]+:)?registry\s*=\s*["']?([^\s"'#;]+)/gm),
  shipped: (environment) =>
    npmDirectories(environment).map(
      (directory) => `${directory}/node_modules/@npmcli/config/lib/definitions/definitions.js`,
    ),
  shippedUrlsIn: (content) => captures(content, /\(\s*'registry',\s*\{\s*default:\s*['"]([^'"]+)['"]/g),
};

const pypi: RegistrySource = {
  variables: ['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'UV_DEFAULT_INDEX', 'UV_INDEX_URL', 'UV_EXTRA_INDEX_URL'],
  splitVariable: (value) => value.split(/\s+/),
  files: (environment) => [
    ...pathFrom(environment['PIP_CONFIG_FILE']),
    '/etc/pip.conf',
    '/etc/xdg/pip/pip.conf',
    ...inHome(environment, '.pip/pip.conf', '.config/pip/pip.conf'),
    ...pathFrom(environment['VIRTUAL_ENV'], 'pip.conf'),
  ],
  urlsIn: (content) => captures(content, /^\s*(?:extra[-_])?index[-_]url\s*[=:]\s*(\S+)/gm),
  shipped: (environment) => {
    const roots = ['/usr', '/usr/local', ...pathFrom(environment['VIRTUAL_ENV'])];
    const libraries = roots.flatMap((root) => [
      `${root}/lib/python3/dist-packages`,
      ...PYTHON_VERSIONS.flatMap((version) => [
        `${root}/lib/${version}/site-packages`,
        `${root}/lib/${version}/dist-packages`,
      ]),
    ]);
    return libraries.map((library) => `${library}/pip/_internal/models/index.py`);
  },
  shippedUrlsIn: (content) => {
    const main = /^PyPI\s*=\s*PackageIndex\(([\s\S]*?)\)/m.exec(content)?.[1] ?? '';
    return captures(main, /["']([^"']+)["']/g).map((text) => (text.includes('://') ? text : `https://${text}/`));
  },
};

const go: RegistrySource = {
  variables: ['GOPROXY'],
  splitVariable: (value) => value.split(/[,|]/),
  files: (environment) => [...pathFrom(environment['GOENV']), ...inHome(environment, '.config/go/env')],
  urlsIn: (content) => captures(content, /^GOPROXY=(\S+)/gm).flatMap((value) => value.split(/[,|]/)),
  shipped: (environment) => [
    ...pathFrom(environment['GOROOT'], 'go.env'),
    '/usr/local/go/go.env',
    '/usr/lib/go/go.env',
    ...Array.from({ length: 20 }, (_, index) => `/usr/lib/go-1.${index + 19}/go.env`),
  ],
  shippedUrlsIn: (content) => [
    ...captures(content, /^GOPROXY=(\S+)/gm).flatMap((value) => value.split(/[,|]/)),
    ...captures(content, /^GOSUMDB=([a-z0-9.-]+)/gm).map((host) => `https://${host}/`),
  ],
};

const cargo: RegistrySource = {
  variables: ['CARGO_REGISTRIES_CRATES_IO_INDEX'],
  splitVariable: (value) => [value.replace(/^sparse\+/, '')],
  files: (environment) => {
    const home = pathFrom(environment['CARGO_HOME']);
    const directories = home.length > 0 ? home : inHome(environment, '.cargo');
    return directories.flatMap((directory) => [`${directory}/config.toml`, `${directory}/config`]);
  },
  urlsIn: (content) => captures(content, /^\s*(?:index|registry|dl)\s*=\s*["'](?:sparse\+|registry\+)?([^"']+)["']/gm),
  shipped: none,
  shippedUrlsIn: none,
};

const maven: RegistrySource = {
  variables: [],
  splitVariable: none,
  files: (environment) => [
    ...inHome(environment, '.m2/settings.xml'),
    ...pathFrom(environment['MAVEN_HOME'], 'conf/settings.xml'),
    '/etc/maven/settings.xml',
  ],
  urlsIn: (content) => captures(content.replace(/<!--[\s\S]*?-->/g, ''), /<url>\s*([^<\s]+)\s*<\/url>/g),
  shipped: none,
  shippedUrlsIn: none,
};

const apt: RegistrySource = {
  variables: [],
  splitVariable: none,
  files: () => [
    '/etc/apt/sources.list',
    ...['debian', 'ubuntu'].flatMap((name) => [
      `/etc/apt/sources.list.d/${name}.sources`,
      `/etc/apt/sources.list.d/${name}.list`,
    ]),
  ],
  urlsIn: (content) => [
    ...captures(content, /^\s*deb(?:-src)?\s+(?:\[[^\]]*\]\s+)?(\S+)/gm),
    ...captures(content, /^URIs:\s*(.+)$/gm).flatMap((value) => value.split(/\s+/)),
  ],
  shipped: none,
  shippedUrlsIn: none,
};

export const SOURCES: Readonly<Record<RegistryKind, RegistrySource>> = { npm, pypi, go, cargo, maven, apt };

function captures(content: string, pattern: RegExp): readonly string[] {
  return [...content.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}

function inHome(environment: Environment, ...names: readonly string[]): readonly string[] {
  const home = environment['HOME'];
  return home ? names.map((name) => `${home}/${name}`) : [];
}

function pathFrom(value: string | undefined, name?: string): readonly string[] {
  if (!value?.startsWith('/')) return [];
  return [name === undefined ? value : `${value}/${name}`];
}

function npmDirectories(environment: Environment): readonly string[] {
  const besidePrograms = (environment['PATH'] ?? '').split(':').filter((directory) => directory.startsWith('/'));
  const executable = environment['npm_execpath'];
  return [
    ...(executable?.endsWith('/bin/npm-cli.js') ? [executable.slice(0, -'/bin/npm-cli.js'.length)] : []),
    ...besidePrograms.map((directory) => `${directory.replace(/\/bin\/?$/, '')}/lib/node_modules/npm`),
    '/usr/lib/node_modules/npm',
    '/usr/local/lib/node_modules/npm',
    '/usr/share/nodejs/npm',
  ];
}
