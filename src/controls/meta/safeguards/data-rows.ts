import type { SafeguardTable } from './safeguard-row.ts';

/** Databases. */
const SQL: SafeguardTable = {
  files: /\.(?:sql|ddl|psql|pgsql)$/i,
  remark: /^\s*--/,
  rows: [
    {
      name: 'rows are no longer kept apart',
      pattern: /\b(?:disable|no\s{1,5}force)\s{1,5}row\s{1,5}level\s{1,5}security\b/gi,
      weight: 2,
      severity: 'critical',
    },
    { name: 'rows are kept apart', pattern: /\b(?:enable|force)\s{1,5}row\s{1,5}level\s{1,5}security\b/gi, weight: -1 },
    {
      name: 'a policy that lets every row through',
      pattern: /\b(?:using|with\s{1,5}check)\s{0,5}\(\s{0,5}true\s{0,5}\)/gi,
      weight: 1,
      severity: 'critical',
    },
    {
      name: 'a program runs with the rights of who made it',
      pattern: /\bsecurity\s{1,5}definer\b|\bauthid\s{1,5}definer\b/gi,
      weight: 1,
    },
    {
      name: 'rows or changes that the database watches',
      pattern:
        /\bcreate\s{1,5}(?:or\s{1,5}replace\s{1,5})?(?:constraint\s{1,5})?(?:trigger|policy|rule)\b[^;\n]{0,100}/gi,
      weight: -1,
    },
    {
      name: 'rows or changes that the database watches',
      pattern: /\b(?:drop|disable)\s{1,5}(?:trigger|policy|rule)\b[^;\n]{0,100}/gi,
      weight: 1,
    },
    {
      name: 'values that the database refuses',
      pattern: /\bcheck\s{0,3}\(/gi,
      weight: -1,
    },
    {
      name: 'values that the database refuses',
      pattern:
        /\b(?:nocheck|drop)\s{1,5}(?:constraint\s{1,5})?(?:if\s{1,5}exists\s{1,5})?["\w]{0,60}(?:check|chk|ck_)\w{0,60}/gi,
      weight: 1,
    },
    {
      name: 'rights to change rows',
      pattern: /\bgrant\b[^;]{0,200}?\b(?:update|delete|insert|truncate|execute|all)\b[^;]{0,200}/gi,
      weight: 1,
    },
    { name: 'rights that were taken away', pattern: /\brevoke\b[^;]{0,200}/gi, weight: -1 },
    {
      name: 'every right for everybody',
      pattern:
        /\bgrant\s{1,5}(?:all|insert|update|delete)\b[^;]{0,300}\bto\s{1,5}(?:public|anon|anonymous|['"`]?%|guest)\b/gi,
      weight: 1,
      severity: 'critical',
    },
    {
      name: 'a user without bounds',
      pattern:
        /\b(?:create|alter)\s{1,5}(?:user|role)\b[^;]{0,200}(?<!\bno)\b(?:superuser|bypassrls)\b|\bgrant\s{1,5}all\s{1,5}(?:privileges\s{1,5})?on\s{1,5}\*\.\*/gi,
      weight: 1,
      severity: 'critical',
    },
  ],
};

/** Directives of GraphQL schemas, of Protobuf services and of Prisma. */
const SCHEMAS: SafeguardTable = {
  files: /\.(?:graphqls?|gql|proto|prisma|zmodel)$/,
  remark: /^\s*(?:#|\/\/)/,
  rows: [
    {
      name: 'a demand that somebody is known',
      pattern:
        /@(?:auth|authenticated|hasRole|hasPermission|hasScope|isAuthenticated|requiresScopes|requiresRole|policy|authorize|guard|can|canAccess|private|deny|inaccessible|constraint|rateLimit|cost|allow)\b[^\n@{]{0,150}/g,
      weight: -1,
    },
    { name: 'anybody is let in', pattern: /@(?:public|skipAuth|allowAnonymous|noAuth)\b/g, weight: 1 },
  ],
};

export const DATA_TABLES: readonly SafeguardTable[] = [SQL, SCHEMAS];
