import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { type ContainerFile, type DeclaredContainer, readContainerFiles } from '../../../src/pipelines/index.ts';
import { loadReaders, type Place, type Readers } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const FUZZ_RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 60);

let readers: Readers;
before(async () => {
  readers = await loadReaders();
});

function readAll(files: Record<string, string>): readonly ContainerFile[] {
  return readContainerFiles(memoryTree(files), readers);
}

function readOne(
  file: string,
  text: string,
): { readonly container: DeclaredContainer; textAt(place: Place | undefined): string } {
  const container = readAll({ [file]: text })[0]?.containers.at(-1);
  assert.ok(container);
  return { container, textAt: (place) => (place === undefined ? '' : text.slice(place.span.start, place.span.end)) };
}

function commandLines({ commands }: DeclaredContainer): readonly string[] {
  return commands.map(({ moment, words }) => `${moment}: ${words.map(({ text }) => text).join(' ')}`);
}

describe('a Dockerfile', () => {
  it('is one container a stage; a stage takes user and entrypoint from the stage it starts from', () => {
    const text = 'FROM node:24 AS base\nUSER node\nENTRYPOINT ["claude"]\nFROM base\nCMD ["-p", "go on"]\n';
    const { container, textAt } = readOne('Dockerfile', text);
    assert.equal(container.image, undefined);
    assert.equal(container.baseStage, 'base');
    assert.equal(container.user, 'node');
    assert.equal(textAt(container.userPlace), 'USER node');
    assert.deepEqual(commandLines(container), ['start: claude -p go on']);
    assert.equal(container.final, true);
  });

  it('tells a digest, a version, a moving tag, no tag and a variable apart', () => {
    const kindOf = (from: string): string | undefined =>
      readOne('Dockerfile', `FROM ${from}\n`).container.image?.refKind;
    assert.equal(kindOf(`node@sha256:${'a'.repeat(64)}`), 'digest');
    assert.equal(kindOf('registry.example.test:5000/acme/app:1.2.3'), 'tag');
    assert.equal(kindOf('node:latest'), 'branch');
    assert.equal(kindOf('registry.example.test:5000/acme/app'), 'none');
    assert.equal(kindOf(`node:\${VERSION}`), 'expression');
  });

  it('places the words of commands behind continuation lines and in here-documents', () => {
    const text = 'FROM a\nRUN apt-get update && \\\n    npm install -g tool\nRUN <<EOF\nclaude -p "x"\nEOF\n';
    const { container, textAt } = readOne('Dockerfile', text);
    assert.deepEqual(commandLines(container), [
      'build: apt-get update',
      'build: npm install -g tool',
      'build: claude -p x',
    ]);
    assert.equal(textAt(container.commands[1]?.words[3]?.place), 'tool');
    assert.equal(textAt(container.commands[2]?.place), 'claude -p "x"');
  });

  it('reads a shell inside an exec form as the script it holds', () => {
    const { container } = readOne('Dockerfile', 'FROM a\nENTRYPOINT ["/bin/bash", "-lc", "cd /w && claude -p hi"]\n');
    assert.deepEqual(commandLines(container), ['start: cd /w', 'start: claude -p hi']);
  });

  it('keeps the quotes of an exec word away from the shell', () => {
    const { container, textAt } = readOne('Dockerfile', `FROM a\nCMD ["claude", "-p", "it's; rm -rf /"]\n`);
    assert.deepEqual(commandLines(container), ["start: claude -p it's; rm -rf /"]);
    assert.equal(textAt(container.commands[0]?.words[2]?.place), `"it's; rm -rf /"`);
  });

  it('follows a script of the repository that it copies and starts, at its own places', () => {
    const script = '#!/bin/sh\nset -e\nexec claude -p "$1"\n';
    const files = {
      'docker/Dockerfile':
        'FROM a\nCOPY scripts/ /opt/\nCOPY start.sh /usr/local/bin/start\nENTRYPOINT ["/usr/local/bin/start"]\n',
      'docker/start.sh': script,
    };
    const container = readAll(files)[0]?.containers[0];
    assert.ok(container);
    assert.deepEqual(commandLines(container), [
      'start: /usr/local/bin/start',
      'start: set -e',
      'start: exec claude -p "$1"',
    ]);
    const place = container.commands[2]?.place;
    assert.equal(place?.file, 'docker/start.sh');
    assert.equal(script.slice(place.span.start, place.span.end), 'exec claude -p "$1"');
  });

  it('knows what an installation does', () => {
    const { container } = readOne('Dockerfile', 'FROM a\nRUN npm install -g @anthropic-ai/claude-code@2.1.329\n');
    const effect = container.scripts[0]?.effects[0];
    assert.equal(effect?.kind, 'install');
    assert.equal(effect.name, '@anthropic-ai/claude-code');
    assert.equal(effect.version, '2.1.329');
  });
});

describe('a compose file', () => {
  const TEXT = `services:
  agent:
    image: acme/agent:1
    privileged: true
    environment:
      - TOKEN=\${TOKEN:-none}
      - MODE=fast
    volumes:
      - ./:/work
      - type: bind
        source: /var/run/docker.sock
        target: /var/run/docker.sock
        read_only: true
    networks: [closed]
    entrypoint: ["claude"]
    command: ["-p", "go"]
networks:
  closed: { internal: true }
`;

  it('gives a service with its mounts, settings, variables and joined command line', () => {
    const { container, textAt } = readOne('compose.yaml', TEXT);
    assert.equal(container.name?.value, 'agent');
    assert.equal(textAt(container.privileged), 'true');
    assert.deepEqual(commandLines(container), ['start: claude -p go']);
    assert.deepEqual(
      container.mountPoints.map(({ kind, source, readOnly }) => [kind, source, readOnly]),
      [
        ['host', './', false],
        ['host', '/var/run/docker.sock', true],
      ],
    );
    assert.deepEqual(
      container.environment.map(({ name, value }) => [name, value.text, value.interpolations.length]),
      [
        ['TOKEN', `\${TOKEN:-none}`, 1],
        ['MODE', 'fast', 0],
      ],
    );
    assert.equal(textAt(container.environment[1]?.value.place), 'fast');
    assert.deepEqual(
      container.settings.filter(({ name }) => name === 'network').map(({ text }) => text),
      ['internal closed'],
    );
  });

  it('removes the whole key with its only item, and one item of several alone', () => {
    const { container, textAt } = readOne(
      'compose.yaml',
      'services:\n  a:\n    image: b\n    volumes:\n      - /a:/b\n',
    );
    assert.equal(textAt(container.mountPoints[0]?.removal), 'volumes:\n      - /a:/b');
    const two = readOne('compose.yaml', TEXT);
    assert.equal(two.textAt(two.container.mountPoints[0]?.removal), './:/work');
  });
});

describe('a Kubernetes object', () => {
  const JOB = `apiVersion: batch/v1
kind: CronJob
metadata: { name: agent, namespace: ai }
spec:
  jobTemplate:
    spec:
      template:
        metadata: { labels: { app: agent } }
        spec:
          serviceAccountName: quiet
          volumes:
            - name: sock
              hostPath: { path: /run/containerd/containerd.sock }
          containers:
            - name: agent
              image: acme/agent
              envFrom:
                - secretRef: { name: all }
              env:
                - name: KEY
                  valueFrom: { secretKeyRef: { name: model, key: key } }
              volumeMounts:
                - { name: sock, mountPath: /sock }
`;
  const ACCOUNT =
    'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: quiet, namespace: ai }\nautomountServiceAccountToken: false\n';

  function policy(selector: string, egress: string, namespace = 'ai'): string {
    return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: out, namespace: ${namespace} }\nspec:\n  podSelector: ${selector}\n  policyTypes: [Egress]\n${egress}`;
  }

  function policiesOf(text: string): number | undefined {
    const files = readAll({ 'k8s/job.yaml': JOB, 'k8s/policy.yaml': text });
    return files.find(({ file }) => file.path === 'k8s/job.yaml')?.containers[0]?.pod?.egressPolicies.length;
  }

  it('gives the containers of the pod with mounts resolved through its volumes', () => {
    const { container } = readOne('k8s/job.yaml', JOB);
    assert.deepEqual([container.pod?.kind, container.pod?.name, container.pod?.namespace], ['CronJob', 'agent', 'ai']);
    assert.deepEqual(
      container.mountPoints.map(({ kind, source, target }) => [kind, source, target]),
      [['host', '/run/containerd/containerd.sock', '/sock']],
    );
    assert.deepEqual(
      container.imports.map(({ kind, name }) => [kind, name]),
      [['secret', 'all']],
    );
    assert.equal(container.environment[0]?.value.interpolations[0]?.values[0]?.origin, 'secret');
  });

  it('knows that a service account elsewhere in the tree switches the token off', () => {
    assert.equal(readOne('k8s/job.yaml', JOB).container.pod?.automount.state, 'default');
    const files = readAll({ 'k8s/account.yaml': ACCOUNT, 'k8s/job.yaml': JOB });
    assert.equal(files[0]?.containers[0]?.pod?.automount.state, 'off');
  });

  it('counts a policy only where it selects the pod and limits what leaves', () => {
    assert.equal(policiesOf(policy('{}', '')), 1);
    assert.equal(policiesOf(policy('{ matchLabels: { app: agent } }', '')), 1);
    assert.equal(policiesOf(policy('{ matchExpressions: [{ key: app, operator: In, values: [agent] }] }', '')), 1);
    assert.equal(policiesOf(policy('{ matchLabels: { app: other } }', '')), 0);
    assert.equal(policiesOf(policy('{}', '', 'elsewhere')), 0);
    assert.equal(policiesOf(policy('{}', '  egress:\n    - {}\n')), 0);
    assert.equal(policiesOf(policy('{}', '  egress:\n    - to: [{ ipBlock: { cidr: 0.0.0.0/0 } }]\n')), 0);
    assert.equal(policiesOf(policy('{}', '  egress:\n    - to: [{ podSelector: {} }]\n')), 1);
  });

  it('is not looked for in files that say nothing of the kind', () => {
    assert.deepEqual(readAll({ 'config.yaml': 'kind: x\nname: y\n', '.github/workflows/a.yml': JOB }), []);
  });
});

describe('a dev container', () => {
  it('gives features, mounts of both spellings and each command with its moment', () => {
    const text = `{ // comment
  "image": "acme/dev:1",
  "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} },
  "mounts": ["source=/srv/runner/.claude,target=/c,type=bind,readonly"],
  "runArgs": ["-v", "/a:/b", "--cap-add=NET_ADMIN"],
  "initializeCommand": "date",
  "postCreateCommand": { "one": "npm ci", "two": ["make", "x"] },
}`;
    const { container } = readOne('.devcontainer/devcontainer.json', text);
    assert.deepEqual(commandLines(container), ['host: date', 'create: npm ci', 'create: make x']);
    assert.deepEqual(
      container.mountPoints.map(({ kind, source, readOnly }) => [kind, source, readOnly]),
      [
        ['host', '/srv/runner/.claude', true],
        ['host', '/a', false],
      ],
    );
    assert.ok(
      container.settings.some(({ name, text: value }) => name === 'run-argument' && value === '--cap-add=NET_ADMIN'),
    );
    assert.ok(container.settings.some(({ name }) => name === 'feature'));
  });
});

describe('container files of anybody', () => {
  it('are read without an exception whatever they hold', () => {
    const part = fc.constantFrom(
      'services:',
      ' a:',
      '  volumes:',
      '   - x:y',
      'apiVersion: v1',
      'kind: Pod',
      'spec:',
      ' containers: [{}, 1, null]',
      '---',
      '{',
      '"mounts": [1, {}]',
      'FROM a',
      'RUN <<E',
      'CMD ["',
    );
    const file = fc.constantFrom('Dockerfile', 'compose.yaml', 'pod.yaml', 'devcontainer.json');
    fc.assert(
      fc.property(file, fc.array(fc.oneof(part, fc.string({ maxLength: 20 })), { maxLength: 10 }), (name, lines) => {
        readAll({ [name]: lines.join('\n') });
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
