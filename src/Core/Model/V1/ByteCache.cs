using System.Numerics;
using System.Runtime.InteropServices;

namespace CalicoConsole.Core.Model.V1;

/// <summary>
/// Remembers what a few hundred byte sequences were read as, so that values which thousands of keys share (profiles, labels, hosts) are read and
/// kept once. A sequence takes the place of another that falls on it, so it never grows. Not thread-safe.
/// </summary>
/// <typeparam name="T">An immutable value.</typeparam>
internal sealed class ByteCache<T>
{
    private const int Places = 1024;

    // Longer ones are seldom shared, and are not worth keeping.
    private const int Longest = 512;

    private readonly (byte[]? Bytes, T Value)[] _places = new (byte[]?, T)[Places];

    public bool TryGet(ReadOnlySpan<byte> bytes, out T value)
    {
        ref var place = ref _places[PlaceOf(bytes)];
        value = place.Value;
        return place.Bytes is { } known && bytes.SequenceEqual(known);
    }

    public T Put(ReadOnlySpan<byte> bytes, T value)
    {
        if (bytes.Length <= Longest)
        {
            _places[PlaceOf(bytes)] = (bytes.ToArray(), value);
        }

        return value;
    }

    private static int PlaceOf(ReadOnlySpan<byte> bytes)
    {
        const ulong Factor = 0x9E3779B97F4A7C15;
        var hash = (ulong)bytes.Length * Factor;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ word) * Factor;
        }

        foreach (var rest in bytes[(bytes.Length & ~7)..])
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ rest) * Factor;
        }

        return (int)(hash >> 54);
    }
}

/// <summary>What reading many endpoints remembers from one to the next. Not thread-safe.</summary>
internal sealed class EndpointCaches
{
    private readonly ByteCache<string> _names = new();
    private readonly ByteCache<string> _hosts = new();

    /// <summary>Texts by their UTF-8.</summary>
    public ByteCache<string> Texts { get; } = new();

    /// <summary>Lists of profiles by their JSON.</summary>
    public ByteCache<ImmutableArray<string>> Lists { get; } = new();

    /// <summary>Labels by their JSON.</summary>
    public ByteCache<ImmutableSortedDictionary<string, string>> Maps { get; } = new();

    /// <summary>The name that a part of a key stands for.</summary>
    public string Name(ReadOnlySpan<char> part)
    {
        var bytes = MemoryMarshal.AsBytes(part);
        return _names.TryGet(bytes, out var known) ? known : _names.Put(bytes, V1Keys.UnescapeName(part.ToString()));
    }

    /// <summary>A part of a key that is never escaped.</summary>
    public string Host(ReadOnlySpan<char> part)
    {
        var bytes = MemoryMarshal.AsBytes(part);
        return _hosts.TryGet(bytes, out var known) ? known : _hosts.Put(bytes, part.ToString());
    }
}
