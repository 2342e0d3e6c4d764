import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '../../../system/index.ts';
import type { Endpoint, ModelDialect } from '../dialect.ts';
import { formatSseEvent } from '../sse.ts';
import { judgeMessage } from './message.ts';
import { readRequest, restoreHistory } from './request.ts';
import { MessageStream } from './stream.ts';

/** All that a run needs of the API. No files, no batches, no organisation endpoints: each is a way out of its own. */
const ENDPOINTS: readonly (Endpoint & { readonly method: string })[] = [
  { method: 'POST', path: '/v1/messages', kind: 'generate' },
  { method: 'POST', path: '/v1/messages/count_tokens', kind: 'count' },
  { method: 'HEAD', path: '/', kind: 'local' },
];

/** Error types of the API by status, so that clients take a refusal for what it is and do not retry it. */
const ERROR_TYPES: { readonly [status: number]: string } = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  504: 'timeout_error',
};

/** Anthropic's Messages API (docs.anthropic.com, API reference, `anthropic-version: 2023-06-01`). */
export const ANTHROPIC_MESSAGES: ModelDialect = {
  provider: 'anthropic',
  credentialHeaders: new Set(['x-api-key', 'authorization']),
  endpoint: (method, path) => ENDPOINTS.find((entry) => entry.method === method && entry.path === path),
  presentedCredentials,
  authorise: (key) => ['x-api-key', key],
  readRequest,
  restoreHistory,
  openStream: (terms) => new MessageStream(terms),
  judgeMessage,
  errorBody,
  errorEvent: (message) => formatSseEvent('error', errorBody(500, message)),
  keepAliveEvent: () => formatSseEvent('ping', { type: 'ping' }),
};

function presentedCredentials(headers: IncomingHttpHeaders): readonly string[] {
  const key = headers['x-api-key'];
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return [key, bearer].filter((value) => typeof value === 'string');
}

function errorBody(status: number, message: string): JsonObject {
  return { type: 'error', error: { type: ERROR_TYPES[status] ?? 'api_error', message } };
}
