import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OuterSandbox, Sandbox, type SandboxPlan } from '../../src/sandbox/index.ts';
import { openBench } from './harness.ts';

/** Runs a python program inside and returns what it printed and what reached the broker. */
async function runPython(program: string, overrides: Partial<SandboxPlan> = {}) {
  await using bench = await openBench({ command: ['/usr/bin/python3', '-c', program], ...overrides });
  await using sandbox = await Sandbox.start(bench.plan, bench.host);
  await sandbox.mountWorkspace();
  await sandbox.prove();
  let stdout = '';
  await sandbox.execute((stream, chunk) => {
    if (stream === 'stdout') stdout += chunk.toString();
  });
  return { stdout, received: bench.received.map((bytes) => bytes.toString()).filter((text) => text.includes('@')) };
}

test('bytes reach the broker behind the nonce, and its answer comes back after half-close', async () => {
  const { stdout, received } = await runPython(`
import socket
s = socket.create_connection(('127.0.0.1', 8040)); s.sendall(b'@hello'); s.shutdown(socket.SHUT_WR); print(s.recv(99).decode())`);
  assert.equal(stdout.trim(), 'pong');
  assert.deepEqual(received, ['SALLYPORT/1 test-nonce\n@hello']);
});

test('a large body arrives whole on many connections at once', async () => {
  const { received } = await runPython(`
import socket, threading
def send():
    s = socket.create_connection(('127.0.0.1', 8040)); s.sendall(b'@' * 1000000); s.shutdown(socket.SHUT_WR); s.recv(9)
ts = [threading.Thread(target=send) for _ in range(20)]
[t.start() for t in ts]; [t.join() for t in ts]`);
  assert.equal(received.length, 20);
  for (const text of received) assert.equal(text.length, 1_000_000 + 'SALLYPORT/1 test-nonce\n'.length);
});

test('an allowed name resolves to a fake address, whose connections become tunnels to that name', async () => {
  const { stdout } = await runPython(`
import socket
print(socket.gethostbyname('allowed.example'))
s = socket.create_connection(('allowed.example', 8443)); s.sendall(b'echo'); print(s.recv(9).decode())`);
  assert.equal(stdout, '127.9.0.1\necho\n');
});

test('a refused tunnel, and an address that no name has, close without a byte', async () => {
  const { stdout } = await runPython(
    `
import socket
for target in ('allowed.example', '127.9.7.7', '127.0.0.1'):
    s = socket.create_connection((target, 9443)); s.settimeout(5)
    try: print(s.recv(9))
    except ConnectionError: print(b'')`,
    { ports: [9443] },
  );
  assert.equal(stdout, "b''\nb''\nb''\n");
});

test('no other name resolves, by datagram or stream', async () => {
  const { stdout } = await runPython(`
import socket
for name in ('denied.example', 'x.allowed.example', 'metadata.google.internal'):
    try: print(socket.gethostbyname(name))
    except OSError: print('none')
q = b'\\x12\\x34\\x01\\0\\0\\x01\\0\\0\\0\\0\\0\\0\\x06denied\\x07example\\0\\0\\x01\\0\\x01'
s = socket.create_connection(('127.0.0.1', 53)); s.sendall(len(q).to_bytes(2, 'big') + q); print(s.recv(99)[5] & 15)`);
  assert.equal(stdout, 'none\nnone\nnone\n3\n');
});

test('asking for the end of the agent again does not kill what reads the workspace by then', async () => {
  await using bench = await openBench();
  const outer = await OuterSandbox.start(bench.plan, bench.host);
  await using sandbox = await Sandbox.start(bench.plan, bench.host, outer);
  await sandbox.mountWorkspace();
  await sandbox.prove();
  await sandbox.execute(() => undefined);
  const collected = sandbox.collect({ sleep: 0.3 });
  await outer.control.request('wait');
  assert.deepEqual(await collected, { signal: 'null' });
});
