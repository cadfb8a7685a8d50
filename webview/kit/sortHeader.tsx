import { Icon } from './button.tsx';

export interface SortState<Column extends string> {
  readonly column: Column;
  readonly descending: boolean;
}

interface SortHeaderProps<Column extends string> {
  readonly column: Column;
  readonly title: string;
  readonly sort: SortState<Column>;
  readonly onSort: (sort: SortState<Column>) => void;
  readonly class?: string;
}

/** The head of a column that sorts its table; a second press turns the order round. */
export function SortHeader<Column extends string>({
  column,
  title,
  sort,
  onSort,
  class: extra = '',
}: SortHeaderProps<Column>) {
  const active = sort.column === column;
  const order = sort.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" class={`r ${extra}`} aria-sort={active ? order : 'none'}>
      <button type="button" class="sort" onClick={() => onSort({ column, descending: active && !sort.descending })}>
        {title}
        {active && <Icon name={sort.descending ? 'arrow-down' : 'arrow-up'} />}
      </button>
    </th>
  );
}
