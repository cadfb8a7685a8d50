/** Given to the compiler: 1 for runtimes that make one vector of 8 numbers of two vectors of 4 side by side, otherwise 0. */
declare const WIDE: i32;
