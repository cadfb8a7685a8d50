import { t } from '../kit/language.ts';

const words: Readonly<Record<string, string>> = {
  train: t('train'),
  validation: t('validation'),
  test: t('test'),
};

/** What a part of the data is called. */
export const splitWord = (split: string): string => words[split] ?? split;
