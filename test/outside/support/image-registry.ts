/** A registry with one empty image, as far as `cosign sign` asks it: OCI distribution specification v1.1, on loopback. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface ImageRegistry extends AsyncDisposable {
  /** Host and port. */
  readonly address: string;
  /** SHA-256 of the image's manifest, hexadecimal. */
  readonly digest: string;
  /** The bundles that were attached to it. */
  bundles(): readonly string[];
}

interface Manifest {
  readonly type: string;
  readonly bytes: Buffer;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}';

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

export async function startImageRegistry(): Promise<ImageRegistry> {
  const shelf = new Shelf();
  const server = createServer((request, response) => void shelf.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    address: `127.0.0.1:${address.port}`,
    digest: shelf.digest,
    bundles: () => shelf.bundles(),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Shelf {
  readonly digest: string;
  readonly #blobs = new Map<string, Buffer>();
  readonly #manifests = new Map<string, Manifest>();
  #upload = Buffer.alloc(0);

  constructor() {
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: this.#keep(Buffer.from(CONFIG)) };
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: { ...config, size: CONFIG.length }, layers: [] };
    const bytes = Buffer.from(JSON.stringify(manifest));
    this.digest = sha256(bytes);
    this.#manifests.set(`sha256:${this.digest}`, { type: MANIFEST, bytes });
  }

  bundles(): readonly string[] {
    return [...this.#blobs.values()].map(String).filter((text) => text.includes('vnd.dev.sigstore.bundle'));
  }

  #keep(bytes: Buffer): string {
    const name = `sha256:${sha256(bytes)}`;
    this.#blobs.set(name, bytes);
    return name;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { pathname } = new URL(request.url ?? '/', 'http://registry');
    const [, kind = '', name = ''] = /^\/v2\/.+\/(blobs|manifests|referrers)\/(.+)$/.exec(pathname) ?? [];
    const reply = (status: number, headers: Record<string, string> = {}, body: Buffer | string = ''): void => {
      response.writeHead(status, headers);
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (name.startsWith('uploads')) return reply(...this.#take(request.method ?? '', Buffer.concat(parts), pathname));
    if (kind === 'manifests' && request.method === 'PUT') {
      const manifest = { type: request.headers['content-type'] ?? '', bytes: Buffer.concat(parts) };
      this.#manifests.set(name, manifest);
      return reply(201, { 'docker-content-digest': `sha256:${sha256(manifest.bytes)}` });
    }
    if (kind === 'referrers')
      return reply(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' }, EMPTY_INDEX);
    const found =
      kind === 'blobs' ? { type: 'application/octet-stream', bytes: this.#blobs.get(name) } : this.#manifests.get(name);
    if (pathname === '/v2/') return reply(200, {}, '{}');
    if (found?.bytes === undefined) return reply(404, { 'content-type': 'application/json' }, '{"errors":[]}');
    const headers = { 'content-type': found.type, 'docker-content-digest': `sha256:${sha256(found.bytes)}` };
    return reply(200, { ...headers, 'content-length': String(found.bytes.length) }, found.bytes);
  }

  /** Start, pieces, end. */
  #take(method: string, bytes: Buffer, path: string): readonly [number, Record<string, string>] {
    if (method === 'POST') return [202, { location: `${path.replace(/\/$/, '')}/one` }];
    this.#upload = Buffer.concat([this.#upload, bytes]);
    if (method === 'PATCH') return [202, { location: path, range: `0-${this.#upload.length - 1}` }];
    const name = this.#keep(this.#upload);
    this.#upload = Buffer.alloc(0);
    return [201, { location: path.replace(/uploads\/.*$/, name) }];
  }
}

const EMPTY_INDEX = '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}';
