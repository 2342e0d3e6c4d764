import type { Architecture } from '../seccomp/syscalls.ts';

/**
 * The probe's machine code: a loop over a table, small enough to be read here. It is the only program of ours inside
 * the sandbox; there is no compiler, interpreter or library in its way, so a result is the kernel's own answer.
 *
 *     for each row:   result = syscall(number, six arguments)       arguments 0 and 1 may point to an earlier result
 *                     or, flagged, the same in a child; result = how the child ended
 *     write the report to the proof descriptor
 *     read one byte from it; unless it is 'g', exit 125
 *     close the proof and probe descriptors, then become argv[1] with the environment we were given
 *
 * The header at HEADER_ADDRESS holds: rows, number of rows, results, report, report length, proof descriptor, probe
 * descriptor, scratch word; eight bytes each. Both texts do not depend on where the rows and results are.
 */
export const HEADER_ADDRESS = 0x600000;
export const HEADER_BYTES = 64;
/** number, six arguments, flags. */
export const ROW_BYTES = 64;

export const FLAG_ARGUMENT_0_IS_RESULT = 1;
export const FLAG_ARGUMENT_1_IS_RESULT = 2;
/** Run the call in a child: the filter is expected to kill it. x64 only. */
export const FLAG_IN_CHILD = 64;
/** Make the call by `int 0x80`, the 32-bit convention. With FLAG_IN_CHILD only. */
export const FLAG_FOREIGN = 128;

/** Exit code when the word was not given. */
export const EXIT_NOT_RELEASED = 125;

const X64 = `
  49 89 e4              mov   r12, rsp              ; argc, argv, environment
  bd 00 00 60 00        mov   ebp, HEADER_ADDRESS
  48 8b 5d 00           mov   rbx, [rbp]            ; row
  4c 8b 6d 08           mov   r13, [rbp+8]          ; rows left
  4c 8b 75 10           mov   r14, [rbp+16]         ; result
  4d 85 ed              test  r13, r13              ; next_row:
  0f 84 8a 00 00 00     je    report
  48 8b 7b 08           mov   rdi, [rbx+8]
  48 8b 73 10           mov   rsi, [rbx+16]
  48 8b 53 18           mov   rdx, [rbx+24]
  4c 8b 53 20           mov   r10, [rbx+32]
  4c 8b 43 28           mov   r8, [rbx+40]
  4c 8b 4b 30           mov   r9, [rbx+48]
  8b 43 38              mov   eax, [rbx+56]         ; flags
  a8 01                 test  al, 1
  74 03                 je    +3
  48 8b 3f              mov   rdi, [rdi]
  a8 02                 test  al, 2
  74 03                 je    +3
  48 8b 36              mov   rsi, [rsi]
  a8 40                 test  al, 64
  75 15                 jne   in_child
  48 8b 03              mov   rax, [rbx]
  0f 05                 syscall
  49 89 06              mov   [r14], rax            ; store:
  49 83 c6 08           add   r14, 8
  48 83 c3 40           add   rbx, 64
  49 ff cd              dec   r13
  eb b5                 jmp   next_row
  41 89 c7              mov   r15d, eax             ; in_child:
  b8 39 00 00 00        mov   eax, 57               ; fork
  0f 05                 syscall
  48 85 c0              test  rax, rax
  74 1f                 je    child
  78 df                 js    store
  48 89 c7              mov   rdi, rax
  48 8d 75 38           lea   rsi, [rbp+56]
  31 d2                 xor   edx, edx
  45 31 d2              xor   r10d, r10d
  b8 3d 00 00 00        mov   eax, 61               ; wait4
  0f 05                 syscall
  48 85 c0              test  rax, rax
  78 c7                 js    store
  8b 45 38              mov   eax, [rbp+56]
  eb c2                 jmp   store
  8b 03                 mov   eax, [rbx]            ; child:
  41 f6 c7 80           test  r15b, 128
  75 04                 jne   +4
  0f 05                 syscall
  eb 02                 jmp   +2
  cd 80                 int   0x80
  bf 55 00 00 00        mov   edi, 85               ; it survived
  b8 e7 00 00 00        mov   eax, 231              ; exit_group
  0f 05                 syscall
  48 8b 75 18           mov   rsi, [rbp+24]         ; report:
  4c 8b 6d 20           mov   r13, [rbp+32]
  4d 85 ed              test  r13, r13              ; write_more:
  74 1b                 je    wait_for_go
  48 8b 7d 28           mov   rdi, [rbp+40]
  4c 89 ea              mov   rdx, r13
  b8 01 00 00 00        mov   eax, 1                ; write
  0f 05                 syscall
  48 85 c0              test  rax, rax
  7e 67                 jle   refuse
  48 01 c6              add   rsi, rax
  49 29 c5              sub   r13, rax
  eb e0                 jmp   write_more
  48 8b 7d 28           mov   rdi, [rbp+40]         ; wait_for_go:
  48 8d 75 38           lea   rsi, [rbp+56]
  ba 01 00 00 00        mov   edx, 1
  31 c0                 xor   eax, eax              ; read
  0f 05                 syscall
  48 83 f8 01           cmp   rax, 1
  75 48                 jne   refuse
  80 7d 38 67           cmp   byte ptr [rbp+56], 'g'
  75 42                 jne   refuse
  48 8b 7d 28           mov   rdi, [rbp+40]
  b8 03 00 00 00        mov   eax, 3                ; close
  0f 05                 syscall
  48 8b 7d 30           mov   rdi, [rbp+48]
  b8 03 00 00 00        mov   eax, 3
  0f 05                 syscall
  49 8b 0c 24           mov   rcx, [r12]
  49 8b 7c 24 10        mov   rdi, [r12+16]         ; argv[1]
  49 8d 74 24 10        lea   rsi, [r12+16]
  49 8d 54 cc 10        lea   rdx, [r12+rcx*8+16]   ; environment
  b8 3b 00 00 00        mov   eax, 59               ; execve
  0f 05                 syscall
  bf 7f 00 00 00        mov   edi, 127              ; no such program
  48 83 f8 fe           cmp   rax, -2
  74 0c                 je    leave
  bf 7e 00 00 00        mov   edi, 126              ; cannot be executed
  eb 05                 jmp   leave
  bf 7d 00 00 00        mov   edi, 125              ; refuse:
  b8 e7 00 00 00        mov   eax, 231              ; leave: exit_group
  0f 05                 syscall
`;

const ARM64 = `
  fc 03 00 91   mov   x28, sp               ; argc, argv, environment
  13 0c a0 d2   mov   x19, HEADER_ADDRESS
  74 02 40 f9   ldr   x20, [x19]            ; row
  75 06 40 f9   ldr   x21, [x19, #8]        ; rows left
  76 0a 40 f9   ldr   x22, [x19, #16]       ; result
  d5 01 00 b4   cbz   x21, report           ; next_row:
  88 02 40 a9   ldp   x8, x0, [x20]
  81 0a 41 a9   ldp   x1, x2, [x20, #16]
  83 12 42 a9   ldp   x3, x4, [x20, #32]
  85 26 43 a9   ldp   x5, x9, [x20, #48]
  49 00 00 36   tbz   w9, #0, +8
  00 00 40 f9   ldr   x0, [x0]
  49 00 08 36   tbz   w9, #1, +8
  21 00 40 f9   ldr   x1, [x1]
  01 00 00 d4   svc   #0
  c0 86 00 f8   str   x0, [x22], #8
  94 02 01 91   add   x20, x20, #64
  b5 06 00 d1   sub   x21, x21, #1
  f3 ff ff 17   b     next_row
  77 0e 40 f9   ldr   x23, [x19, #24]       ; report:
  78 12 40 f9   ldr   x24, [x19, #32]
  78 01 00 b4   cbz   x24, wait_for_go      ; write_more:
  60 16 40 f9   ldr   x0, [x19, #40]
  e1 03 17 aa   mov   x1, x23
  e2 03 18 aa   mov   x2, x24
  08 08 80 d2   mov   x8, #64               ; write
  01 00 00 d4   svc   #0
  1f 00 00 f1   cmp   x0, #0
  ed 03 00 54   b.le  refuse
  f7 02 00 8b   add   x23, x23, x0
  18 03 00 cb   sub   x24, x24, x0
  f6 ff ff 17   b     write_more
  60 16 40 f9   ldr   x0, [x19, #40]        ; wait_for_go:
  61 e2 00 91   add   x1, x19, #56
  22 00 80 d2   mov   x2, #1
  e8 07 80 d2   mov   x8, #63               ; read
  01 00 00 d4   svc   #0
  1f 04 00 f1   cmp   x0, #1
  a1 02 00 54   b.ne  refuse
  60 e2 40 39   ldrb  w0, [x19, #56]
  1f 9c 01 71   cmp   w0, 'g'
  41 02 00 54   b.ne  refuse
  60 16 40 f9   ldr   x0, [x19, #40]
  28 07 80 d2   mov   x8, #57               ; close
  01 00 00 d4   svc   #0
  60 1a 40 f9   ldr   x0, [x19, #48]
  28 07 80 d2   mov   x8, #57
  01 00 00 d4   svc   #0
  89 03 40 f9   ldr   x9, [x28]
  81 43 00 91   add   x1, x28, #16          ; argv[1]
  20 00 40 f9   ldr   x0, [x1]
  22 0c 09 8b   add   x2, x1, x9, lsl #3    ; environment
  a8 1b 80 d2   mov   x8, #221              ; execve
  01 00 00 d4   svc   #0
  1f 08 00 b1   cmn   x0, #2
  e0 0f 80 d2   mov   x0, #127              ; no such program
  80 00 00 54   b.eq  leave
  c0 0f 80 d2   mov   x0, #126              ; cannot be executed
  02 00 00 14   b     leave
  a0 0f 80 d2   mov   x0, #125              ; refuse:
  c8 0b 80 d2   mov   x8, #94               ; leave: exit_group
  01 00 00 d4   svc   #0
`;

/** The machine code of the probe. */
export function probeCode(architecture: Architecture): Buffer {
  const listing = architecture === 'x64' ? X64 : ARM64;
  const bytes = listing
    .split('\n')
    .map((line) => /^ {2}((?:[0-9a-f]{2} )+) /.exec(line)?.[1]?.replaceAll(' ', '') ?? '');
  return Buffer.from(bytes.join(''), 'hex');
}
