/** Names of packages that many projects have, by registry: npm and PyPI, 2026-11. What looks like one of them and is none was often made for that. */
const NPM = `angular axios babel-core bluebird body-parser bootstrap browserify chalk cheerio classnames colors commander connect
  cookie-parser core-js cors cross-env crypto-js dayjs debug discord dotenv ejs electron esbuild eslint ethers express
  express-session fastify firebase formidable fs-extra glob graphql gulp handlebars helmet immer ioredis jquery jsdom
  jsonwebtoken jest koa lodash marked mocha moment mongodb mongoose morgan multer mysql mysql2 nanoid next node-fetch
  node-sass nodemailer nodemon passport pino postcss prettier prisma prop-types puppeteer query-string ramda react
  react-dom react-redux react-router redis redux request requests rimraf rollup rxjs sass semver sequelize socket.io
  stripe styled-components supertest tailwindcss three ts-node tslib typeorm typescript underscore undici uuid validator
  vite vitest vue-router web3 webpack winston yargs zustand color preact`;
const PYPI = `aiohttp alembic anthropic asyncio beautifulsoup4 black boto3 botocore bs4 celery certifi cffi click colorama coverage
  cryptography cython django djangorestframework docker fastapi flask gevent google-cloud-storage grpcio gunicorn httpx
  jinja2 jsonschema jupyter keras kubernetes langchain lxml markdown marshmallow matplotlib mypy nltk numpy openai opencv-python
  openpyxl pandas paramiko passlib pillow pip poetry protobuf psutil psycopg2 psycopg2-binary pycryptodome pydantic
  pygments pyjwt pymongo pymysql pytest python-dateutil python-dotenv pytz pyyaml redis requests request rich ruff
  scikit-learn scipy scrapy seaborn selenium sentry-sdk setuptools simplejson six sqlalchemy starlette tensorflow
  tornado tqdm torch transformers twine typer urllib3 uvicorn virtualenv websockets werkzeug wheel colour`;

export type Registry = 'npm' | 'pypi';

const KNOWN: Readonly<Record<Registry, ReadonlySet<string>>> = {
  npm: new Set(NPM.split(/\s+/)),
  pypi: new Set(PYPI.split(/\s+/)),
};

/** Shorter names have too many honest neighbours. */
const SHORTEST = 5;

/** The well-known package that a name looks like without being it: two letters changed places, one is missing or double. */
export function lookAlikeOf(written: string, registry: Registry): string | undefined {
  const name = normal(written, registry);
  const known = KNOWN[registry];
  if (known.has(name) || name.length > 60) return undefined;
  return [...known].find((one) => one.length >= SHORTEST && isLike(name, one));
}

function normal(name: string, registry: Registry): string {
  const lower = name.toLowerCase();
  return registry === 'pypi' ? lower.replace(/[-_.]+/g, '-') : lower;
}

function isLike(name: string, known: string): boolean {
  if (plain(name) === plain(known)) return true;
  if (name.length === known.length) return isSwapped(name, known);
  if (name.length + 1 === known.length) return known.length > SHORTEST && isShorter(name, known);
  return name.length === known.length + 1 && isShorter(known, name) && doubles(name) > doubles(known);
}

/** Without what joins words, and with letters and digits that look the same made one. */
function plain(name: string): string {
  return name.replace(/[-_.]/g, '').replace(/[1i]/g, 'l').replace(/0/g, 'o').replace(/rn/g, 'm').replace(/vv/g, 'w');
}

function isSwapped(name: string, known: string): boolean {
  const at = firstDifference(name, known);
  return (
    name[at] === known[at + 1] && name[at + 1] === known[at] && name.slice(at + 2) === known.slice(at + 2) && at > 0
  );
}

function isShorter(short: string, long: string): boolean {
  const at = firstDifference(short, long);
  // A plural or a first letter less is more often another word.
  return (
    at > 0 && at < long.length - (doubles(long) > doubles(short) ? 0 : 1) && short.slice(at) === long.slice(at + 1)
  );
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function doubles(name: string): number {
  let count = 0;
  for (let at = 1; at < name.length; at++) if (name[at] === name[at - 1]) count++;
  return count;
}
