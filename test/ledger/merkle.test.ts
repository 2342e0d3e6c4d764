import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { hashLeaf, hashNode, MerkleTree } from '../../src/ledger/merkle.ts';
import { TileBuilder, tilePath } from '../../src/ledger/tile.ts';

/** MTH of RFC 6962 §2.1, written as the RFC writes it. */
function definition(leaves: readonly Buffer[]): string {
  const [only] = leaves;
  if (only === undefined) return hash('sha256', '');
  if (leaves.length === 1) return hashLeaf(only);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hashNode(definition(leaves.slice(0, split)), definition(leaves.slice(split)));
}

/** The leaves and roots that Certificate Transparency implementations have tested with since 2013. */
const KNOWN_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const KNOWN_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('the known roots of Certificate Transparency come out', () => {
  const tree = new MerkleTree();
  for (const [index, leaf] of KNOWN_LEAVES.entries()) {
    tree.append(hashLeaf(Buffer.from(leaf, 'hex')));
    assert.equal(tree.root(), KNOWN_ROOTS[index]);
  }
});

test('the growing tree has the root of the definition at every size', () => {
  const leaves = Array.from({ length: 130 }, (_, index) => Buffer.from(`leaf ${index}`));
  const tree = new MerkleTree();
  assert.equal(tree.root(), definition([]));
  for (const [index, leaf] of leaves.entries()) {
    tree.append(hashLeaf(leaf));
    assert.equal(tree.root(), definition(leaves.slice(0, index + 1)));
  }
});

test('an inner node is never the hash of a leaf with the same content', () => {
  const [left, right] = [hashLeaf(Buffer.from('a')), hashLeaf(Buffer.from('b'))];
  assert.notEqual(hashLeaf(Buffer.from(left + right, 'hex')), hashNode(left, right));
});

test('tiles hold what tlog-tiles says: 70,000 leaves make 273 full tiles, one of them on level 1, and three partial', () => {
  const tiles = new TileBuilder();
  const tree = new MerkleTree((level, node) => tiles.add(level, node));
  const leaves = Array.from({ length: 70_000 }, (_, index) => hashLeaf(Buffer.from(String(index))));
  for (const leaf of leaves) tree.append(leaf);
  const full = tiles.takeFull();
  assert.deepEqual(
    [0, 1].map((level) => full.filter((tile) => tile.path.startsWith(`tile/${level}/`)).length),
    [273, 1],
  );
  assert.deepEqual(
    tiles.partial().map((tile) => [tile.path, tile.bytes.length / 32]),
    [
      ['tile/0/273.p/112', 112],
      ['tile/1/001.p/17', 17],
      ['tile/2/000.p/1', 1],
    ],
  );
  const first = full.find((tile) => tile.path === 'tile/0/000');
  assert.equal(first?.bytes.toString('hex'), leaves.slice(0, 256).join(''));
});

test('tile indexes are split into groups of three digits', () => {
  assert.equal(tilePath(3, 1_234_067), 'tile/3/x001/x234/067');
  assert.equal(tilePath(0, 0), 'tile/0/000');
  assert.equal(tilePath(0, 1000), 'tile/0/x001/000');
});
