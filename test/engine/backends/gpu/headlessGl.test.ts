import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../../engine/backends/gpu/deviceKind.ts';
import { rendererBelow } from '../../../../engine/backends/gpu/headlessGl.ts';

/** The native part of headless-gl's context, and the context above it, which hides what the part says. */
class Native {
  readonly #renderer: unknown;

  constructor(renderer: unknown) {
    this.#renderer = renderer;
  }

  getParameter(name: number): unknown {
    if (name !== 0x1f01) throw new RangeError('Not asked for.');
    return this.#renderer;
  }
}
class Context extends Native {
  override getParameter(): unknown {
    return 'ANGLE';
  }
}

describe('what draws for headless-gl', () => {
  it('is named by the native part, so that an imitation is called one', () => {
    const llvmpipe = rendererBelow(new Context('ANGLE (Mesa/X.org llvmpipe (LLVM 15.0.6, 256 bits) OpenGL 4.5 core)'));
    expect(llvmpipe).toContain('llvmpipe');
    expect(kindOf(llvmpipe)).toBe('software');
    expect(kindOf(rendererBelow(new Context('ANGLE (Intel Mesa Intel(R) UHD Graphics 620 OpenGL 4.6 core)')))).toBe(
      'hardware',
    );
  });

  it.each([
    ['says no more than the context', new Context('ANGLE')],
    ['says nothing', new Context(undefined)],
    ['has nothing to ask', {}],
    ['is not there', undefined],
  ])('is unknown where it %s', (_, context) => {
    expect(rendererBelow(context)).toBe('');
    expect(kindOf(rendererBelow(context))).toBe('unknown');
  });
});
