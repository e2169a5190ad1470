//! The sizes of objects as a rule: what `__sizeof__` counts, without the collector's header.
//!
//! 64-bit builds only. Every number was measured (FACTS E).

use super::room;

/// Where the pointers to an instance's `__dict__` and weak references stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InstanceLayout {
    /// In the instance.
    Inline,
    /// The `__dict__` ahead of it, unless the instance is of variable size; weak references inside.
    DictAhead,
    /// Both ahead of it.
    BothAhead,
}

/// The sizes that differ between versions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sizes {
    /// Where `__dict__` and weak references stand.
    pub instance: InstanceLayout,
    /// The values of an instance are part of it, if it has no slots.
    pub values_inside: bool,
    /// The block of an int of one digit.
    pub int_block: usize,
    /// What the stack of a generator has room for at least: the exception that ends it, caught inside.
    pub generator_stack: u32,
    /// Zero has a digit like other ints.
    pub zero_has_digit: bool,
    /// The frame of a generator is part of it, and a cell that is an argument has one place.
    pub frame_inside: bool,
    /// Arrays are tracked by the collector.
    pub array_collected: bool,
    /// The header of an ASCII string; the characters and a null follow.
    pub str_ascii: usize,
    /// The header of another string whose characters follow it.
    pub str_compact: usize,
    /// The header of an instance of a subclass of str; its characters stand apart.
    pub str_split: usize,
    /// The UTF-8 form of a shared one-character string above ASCII.
    pub shared_utf8: usize,
    /// The header of a tuple; 8 bytes an item follow.
    pub tuple: usize,
    /// The header of a dict's table.
    pub dict_keys: usize,
    /// The header of a bytearray (the bytes stand apart, with the header of a bytes object from 3.15 on).
    pub bytearray: usize,
    /// What the bytes of a bytearray that is not empty add to its room.
    pub bytearray_bytes: usize,
    /// A function.
    pub function: usize,
    /// A generator; from 3.11 on without its frame.
    pub generator: usize,
    /// A coroutine; from 3.11 on without its frame.
    pub coroutine: usize,
    /// An asynchronous generator; from 3.11 on without its frame.
    pub async_generator: usize,
    /// A frame without its locals and stack.
    pub frame: usize,
    /// A module.
    pub module: usize,
    /// A property.
    pub property: usize,
    /// An enumerate object.
    pub enumerate: usize,
    /// A zip object.
    pub zip: usize,
    /// A map object.
    pub map: usize,
    /// A range iterator (not collected).
    pub range_iterator: usize,
    /// A weak reference or proxy.
    pub weakref: usize,
    /// `list[int]`.
    pub generic_alias: usize,
    /// `int | str`.
    pub union: usize,
    /// A built-in class (not collected).
    pub static_type: usize,
    /// A class of Python code, without the keys that its instances share.
    pub heap_type: usize,
    /// The keys that the instances of a class share.
    pub shared_keys: usize,
    /// An exception without fields of its own.
    pub exception: usize,
    /// A SyntaxError.
    pub syntax_error: usize,
    /// An ImportError.
    pub import_error: usize,
    /// An AttributeError.
    pub attribute_error: usize,
    /// A NameError.
    pub name_error: usize,
    /// An ExceptionGroup.
    pub exception_group: usize,
    /// A functools.partial object.
    pub partial: usize,
    /// A functools.lru_cache wrapper.
    pub lru_cache: usize,
    /// What some objects of itertools take for the state of the module.
    pub itertools_state: usize,
    /// An itertools.cycle object.
    pub cycle: usize,
    /// A deque without its blocks.
    pub deque: usize,
    /// An array without its items.
    pub array: usize,
}

impl Sizes {
    /// 3.8
    pub const V8: Sizes = Sizes {
        shared_utf8: 0,
        instance: InstanceLayout::Inline,
        values_inside: false,
        int_block: 28,
        generator_stack: 0,
        zero_has_digit: false,
        frame_inside: false,
        array_collected: false,
        str_ascii: 48,
        str_compact: 72,
        str_split: 80,
        tuple: 24,
        dict_keys: 40,
        bytearray: 56,
        bytearray_bytes: 0,
        function: 120,
        generator: 96,
        coroutine: 104,
        async_generator: 120,
        frame: 360,
        module: 56,
        property: 56,
        enumerate: 48,
        zip: 40,
        map: 32,
        range_iterator: 48,
        weakref: 56,
        generic_alias: 48,
        union: 32,
        static_type: 416,
        heap_type: 880,
        shared_keys: 168,
        exception: 64,
        syntax_error: 112,
        import_error: 88,
        attribute_error: 64,
        name_error: 64,
        exception_group: 96,
        partial: 64,
        lru_cache: 128,
        itertools_state: 0,
        cycle: 48,
        deque: 80,
        array: 64,
    };
    /// 3.9
    pub const V9: Sizes = Sizes { static_type: 408, lru_cache: 136, ..Sizes::V8 };
    /// 3.10
    pub const V10: Sizes = Sizes {
        array_collected: true,
        function: 128,
        generator: 88,
        coroutine: 96,
        async_generator: 112,
        frame: 352,
        property: 64,
        zip: 48,
        heap_type: 888,
        syntax_error: 128,
        attribute_error: 80,
        name_error: 72,
        lru_cache: 152,
        ..Sizes::V9
    };
    /// 3.11
    pub const V11: Sizes = Sizes {
        instance: InstanceLayout::DictAhead,
        int_block: 32,
        zero_has_digit: true,
        frame_inside: true,
        dict_keys: 32,
        function: 136,
        generator: 152,
        coroutine: 152,
        async_generator: 152,
        frame: 120,
        enumerate: 56,
        weakref: 64,
        generic_alias: 64,
        static_type: 424,
        heap_type: 904,
        shared_keys: 768,
        exception: 72,
        syntax_error: 136,
        import_error: 96,
        attribute_error: 88,
        name_error: 80,
        deque: 216,
        ..Sizes::V10
    };
    /// 3.12
    pub const V12: Sizes = Sizes {
        shared_utf8: 3,
        itertools_state: 8,
        instance: InstanceLayout::BothAhead,
        generator_stack: 2,
        str_ascii: 40,
        str_compact: 56,
        str_split: 64,
        function: 144,
        generator: 144,
        coroutine: 144,
        async_generator: 144,
        range_iterator: 40,
        static_type: 432,
        heap_type: 920,
        import_error: 104,
        exception_group: 104,
        ..Sizes::V11
    };
    /// 3.13
    pub const V13: Sizes = Sizes { values_inside: true, frame: 136, static_type: 416, heap_type: 928, ..Sizes::V12 };
    /// 3.14
    pub const V14: Sizes = Sizes {
        tuple: 32,
        function: 152,
        generator: 152,
        coroutine: 152,
        async_generator: 152,
        frame: 152,
        map: 40,
        union: 56,
        heap_type: 936,
        syntax_error: 144,
        exception_group: 112,
        partial: 80,
        cycle: 40,
        ..Sizes::V13
    };
    /// 3.15
    pub const V15: Sizes =
        Sizes { bytearray: 64, bytearray_bytes: 33, module: 104, static_type: 424, heap_type: 944, ..Sizes::V14 };
}

room! { sizes

    /// `sys.getsizeof` counts these sizes, and 16 bytes more for what the collector tracks.
    sizes "memory.sizes": Sizes {
        py(8, 0) => Sizes::V8, py(9, 0) => Sizes::V9, py(10, 0) => Sizes::V10, py(11, 0) => Sizes::V11,
        py(12, 0) => Sizes::V12, py(13, 0) => Sizes::V13, py(14, 0) => Sizes::V14, py(15, 0) => Sizes::V15;
        faults { "of-3.8": Sizes::V8, "of-3.11": Sizes::V11, "of-3.15": Sizes::V15 }
    }
}
