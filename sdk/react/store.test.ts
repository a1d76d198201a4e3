import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Store } from './store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a store', () => {
  it('tells once a frame what it is by then', () => {
    const store = new Store(0);
    const told: number[] = [];
    store.subscribe(() => told.push(store.get()));
    for (let i = 1; i <= 50; i++) store.setSoon(() => i);
    expect([store.get(), store.latest]).toEqual([0, 50]);
    vi.runAllTimers();
    store.setSoon(() => 51);
    vi.runAllTimers();
    expect(told).toEqual([50, 51]);
  });

  it('calls a frame off when it is set at once', () => {
    const store = new Store('a');
    const told: string[] = [];
    store.subscribe(() => told.push(store.get()));
    store.setSoon(() => 'b');
    store.set(`${store.latest}c`);
    vi.runAllTimers();
    expect(told).toEqual(['bc']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells nobody who has left', () => {
    const store = new Store(0);
    const listener = vi.fn();
    store.subscribe(listener)();
    store.set(1);
    expect(listener).not.toHaveBeenCalled();
  });

  it('waits for the page to be painted, not longer than a hidden page takes', () => {
    const frames: (() => void)[] = [];
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
    vi.stubGlobal('cancelAnimationFrame', () => {});
    const store = new Store(0);
    const listener = vi.fn();
    store.subscribe(listener);
    store.setSoon(() => 1);
    frames[0]();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount(), 'the timer is gone').toBe(0);
    store.setSoon(() => 2);
    vi.runAllTimers();
    expect(store.get()).toBe(2);
    vi.unstubAllGlobals();
  });
});
