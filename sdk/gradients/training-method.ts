import type { LoraSlot } from '../model/adapter.ts';

/** What of a model is trained; besides, always, its fine-tuned head where it has one. */
export type TrainingMethod =
  | {
      readonly kind: 'lora';
      /** None trains the head alone. */
      readonly slots: readonly LoraSlot[];
      readonly rank: number;
      readonly alpha: number;
      /** Of what goes into each pair, 0 … 1. */
      readonly dropout: number;
    }
  | { readonly kind: 'full' };
