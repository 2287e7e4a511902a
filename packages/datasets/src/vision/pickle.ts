import { DataError } from "@kindling/tensor";

/** A NumPy array of bytes as the pickle held it. */
export class PickledArray {
  shape: readonly number[] = [];
  dtype = "";
  isFortranOrder = false;
  data: Uint8Array = new Uint8Array(0);
}

class PickledType {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

class PickledGlobal {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

class Mark {}

/** What a pickle of plain data can hold. Python 2's `str` comes as bytes, dictionary keys as strings. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleValue[]
  | Map<string, PickleValue>
  | PickledArray
  | PickledType
  | PickledGlobal;

/** The only names a pickle may mention: enough for NumPy arrays. None of them runs code here. */
const allowedGlobals = new Set([
  "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray._reconstruct",
  "numpy.ndarray",
  "numpy.dtype",
  "_codecs.encode",
]);

const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a pickle of plain data (numbers, strings, lists, tuples, dictionaries, NumPy arrays), as the
 * Python version of CIFAR-10 uses. It executes nothing: a pickle that names any other class or
 * function is refused. Byte strings are views of `bytes`, so nothing larger than the file is allocated.
 *
 * @throws DataError when the pickle is damaged, or holds something else than plain data.
 */
export function readPickle(bytes: Uint8Array, name = "pickle"): PickleValue {
  return new PickleReader(bytes, name).read();
}

class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;
  readonly #stack: (PickleValue | Mark)[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #at = 0;

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
  }

  read(): PickleValue {
    for (;;) {
      const opcode = this.#uint8();
      if (opcode === 0x2e) return this.#pop(); // STOP
      this.#execute(opcode);
    }
  }

  #execute(opcode: number): void {
    const stack = this.#stack;
    switch (opcode) {
      case 0x80: // PROTO
        this.#uint8();
        return;
      case 0x95: // FRAME
        this.#take(8);
        return;
      case 0x28: // MARK
        stack.push(new Mark());
        return;
      case 0x30: // POP
        stack.pop();
        return;
      // ---- constants
      case 0x4e: // NONE
        stack.push(null);
        return;
      case 0x88: // NEWTRUE
        stack.push(true);
        return;
      case 0x89: // NEWFALSE
        stack.push(false);
        return;
      case 0x4b: // BININT1
        stack.push(this.#uint8());
        return;
      case 0x4d: // BININT2
        stack.push(this.#uint16());
        return;
      case 0x4a: // BININT
        stack.push(this.#int32());
        return;
      case 0x47: // BINFLOAT
        stack.push(this.#float64());
        return;
      case 0x55: // SHORT_BINSTRING
      case 0x43: // SHORT_BINBYTES
        stack.push(this.#take(this.#uint8()));
        return;
      case 0x54: // BINSTRING
      case 0x42: // BINBYTES
        stack.push(this.#take(this.#uint32()));
        return;
      case 0x8e: // BINBYTES8
        stack.push(this.#take(this.#uint64()));
        return;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(this.#text(this.#uint8()));
        return;
      case 0x58: // BINUNICODE
        stack.push(this.#text(this.#uint32()));
        return;
      // ---- containers
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([]);
        return;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        return;
      case 0x61: // APPEND
        this.#appendAll([this.#pop()]);
        return;
      case 0x65: // APPENDS
        this.#appendAll(this.#popToMark());
        return;
      case 0x73: // SETITEM
        this.#setAll(stack.splice(-2) as PickleValue[]);
        return;
      case 0x75: // SETITEMS
        this.#setAll(this.#popToMark());
        return;
      case 0x74: // TUPLE
        stack.push(this.#popToMark());
        return;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(this.#popMany(opcode - 0x84));
        return;
      // ---- memo
      case 0x71: // BINPUT
        this.#memo.set(this.#uint8(), this.#top());
        return;
      case 0x72: // LONG_BINPUT
        this.#memo.set(this.#uint32(), this.#top());
        return;
      case 0x94: // MEMOIZE
        this.#memo.set(this.#memo.size, this.#top());
        return;
      case 0x68: // BINGET
        stack.push(this.#recall(this.#uint8()));
        return;
      case 0x6a: // LONG_BINGET
        stack.push(this.#recall(this.#uint32()));
        return;
      // ---- the few globals that arrays need
      case 0x63: // GLOBAL
        stack.push(this.#global(`${this.#line()}.${this.#line()}`));
        return;
      case 0x93: {
        // STACK_GLOBAL
        const [module, member] = this.#popMany(2);
        stack.push(this.#global(`${module}.${member}`));
        return;
      }
      case 0x52: {
        // REDUCE
        const [callee, parameters] = this.#popMany(2);
        stack.push(this.#reduce(callee as PickleValue, parameters as PickleValue));
        return;
      }
      case 0x62: // BUILD
        this.#build(this.#pop());
        return;
      default:
        throw this.#error(`opcode 0x${opcode.toString(16)} at byte ${this.#at - 1} has no place in plain data`);
    }
  }

  #global(name: string): PickledGlobal {
    if (!allowedGlobals.has(name))
      throw this.#error(`it refers to ${JSON.stringify(name.slice(0, 80))}; only NumPy arrays are read`);
    return new PickledGlobal(name);
  }

  #reduce(callee: PickleValue, parameters: PickleValue): PickleValue {
    if (!(callee instanceof PickledGlobal) || !Array.isArray(parameters))
      throw this.#error("a call of something that is no function");
    if (callee.name.endsWith("._reconstruct")) return new PickledArray();
    const [first] = parameters;
    if (callee.name === "numpy.dtype") return new PickledType(asText(first));
    if (callee.name === "_codecs.encode" && typeof first === "string") {
      // How Python 3 writes bytes into protocol 2: as text of the code points 0 to 255.
      return Uint8Array.from(first, (character) => character.charCodeAt(0));
    }
    throw this.#error(`a call of ${callee.name} that is not understood`);
  }

  #build(state: PickleValue): void {
    const target = this.#top();
    if (target instanceof PickledType) return; // byte order and alignment say nothing about bytes
    if (!(target instanceof PickledArray) || !Array.isArray(state))
      throw this.#error("state for something that is no array");
    const [, shape, dtype, isFortranOrder, data] = state;
    if (!Array.isArray(shape) || !(dtype instanceof PickledType) || !(data instanceof Uint8Array)) {
      throw this.#error("an array whose state is not (version, shape, dtype, order, bytes)");
    }
    target.shape = shape.map(Number);
    target.dtype = dtype.name;
    target.isFortranOrder = isFortranOrder === true || isFortranOrder === 1;
    target.data = data;
  }

  #appendAll(values: PickleValue[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw this.#error("items appended to something that is no list");
    for (const value of values) list.push(value);
  }

  #setAll(pairs: PickleValue[]): void {
    const map = this.#top();
    if (!(map instanceof Map) || pairs.length % 2 !== 0)
      throw this.#error("keys set on something that is no dictionary");
    for (let i = 0; i < pairs.length; i += 2) map.set(asText(pairs[i]), pairs[i + 1] as PickleValue);
  }

  #recall(key: number): PickleValue {
    const value = this.#memo.get(key);
    if (value === undefined) throw this.#error(`a reference to memo ${key}, which was never stored`);
    return value;
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value instanceof Mark) throw this.#error("an empty stack");
    return value;
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popMany(count: number): PickleValue[] {
    const values = this.#stack.splice(-count);
    if (values.length < count || values.some((value) => value instanceof Mark)) throw this.#error("an empty stack");
    return values as PickleValue[];
  }

  #popToMark(): PickleValue[] {
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      if (this.#stack[i] instanceof Mark) {
        const values = this.#stack.splice(i);
        values.shift();
        return values as PickleValue[];
      }
    }
    throw this.#error("a missing mark");
  }

  #take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw this.#error(`it ends ${end - this.#bytes.length} bytes early`);
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  #skip(count: number): number {
    const start = this.#at;
    this.#take(count);
    return start;
  }

  #uint8 = (): number => this.#view.getUint8(this.#skip(1));
  #uint16 = (): number => this.#view.getUint16(this.#skip(2), true);
  #int32 = (): number => this.#view.getInt32(this.#skip(4), true);
  #uint32 = (): number => this.#view.getUint32(this.#skip(4), true);
  #uint64 = (): number => Number(this.#view.getBigUint64(this.#skip(8), true));
  #float64 = (): number => this.#view.getFloat64(this.#skip(8), false);

  #text(length: number): string {
    try {
      return utf8.decode(this.#take(length));
    } catch (cause) {
      if (cause instanceof DataError) throw cause;
      throw this.#error("text that is not UTF-8");
    }
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0 || end - this.#at > 1000) throw this.#error("a name without an end");
    const line = latin1.decode(this.#take(end - this.#at));
    this.#at++;
    return line;
  }

  #error(what: string): DataError {
    return new DataError(`${this.#name}: expected a pickle of plain data, found ${what}`);
  }
}

function asText(value: PickleValue | undefined): string {
  return value instanceof Uint8Array ? latin1.decode(value) : String(value);
}
