/** Patches of Solidity contracts, for which there is no front end. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { itTells, judged } from '../support/patch-cases.ts';

const SALE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

contract Sale {
    address public owner;
    uint256 public total;
    event Collected(uint256 amount);

    modifier onlyOwner() {
        require(tx.origin == owner, "no");
        _;
    }

    function start() external {
        owner = msg.sender;
    }

    function collect() external onlyOwner {
        payable(owner).transfer(address(this).balance);
    }

    function setTotal(uint256 next) external {
        total = next;
    }

    function price() external pure returns (uint256) {
        return 5;
    }
}
`;

describe('a patch of a contract', () => {
  itTells(
    'a function that asks nobody',
    {
      path: 'Sale.sol',
      before: SALE,
      marks: ['function setTotal(uint256 next) external {'],
      rule: 'AI-CWE-284',
      wrong: [
        [['        total = next;', '        require(next != 0, "none");\n        total = next;']],
        [['function setTotal', 'function changeTotal']],
        [['        total = next;', '        require(tx.origin == owner, "no");\n        total = next;']],
        [
          [
            'setTotal(uint256 next) external {',
            'setTotal(uint256 next, address who) external {\n        require(who == owner);',
          ],
        ],
      ],
      right: [
        [['setTotal(uint256 next) external {', 'setTotal(uint256 next) external onlyOwner {']],
        [['        total = next;', '        require(msg.sender == owner, "no");\n        total = next;']],
        [['        total = next;', '        _checkOwner();\n        total = next;']],
        [['setTotal(uint256 next) external', 'setTotal(uint256 next) internal']],
        [['    function setTotal(uint256 next) external {\n        total = next;\n    }\n', '']],
      ],
    },
    /asks who/,
  );

  it('is read in time that grows with its length, whatever it holds', async () => {
    for (const part of ['emit x(', 'a[', 'function f(', '/*', ' // ']) {
      const before = `contract C {\n    function pay() external {\n        go();\n    }\n}\n${part.repeat(20_000)}\n`;
      const began = performance.now();
      await judged({ path: 'C.sol', before, marks: ['go();'], rule: 'none' }, [['go();', 'go(1);']]);
      assert.ok(performance.now() - began < 20_000, part);
    }
  });
});
