using System.Runtime;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Passes a listing on, and holds the garbage collector back while a large one is read: nothing of it is garbage, and collections in its midst
/// were found to take longer than the decoding (docs/decisions.md, "First sync"). Thread-safe.
/// </summary>
/// <param name="inner">Who sees the listing.</param>
internal sealed class UndisturbedListing(IListingObserver inner) : IListingObserver
{
    // Below this a listing takes a few milliseconds.
    private const int Large = 2000;

    // What 100,000 endpoints allocate, and a half more. When a listing needs more than that the runtime collects, and all goes on as ever.
    private const long Budget = 224L << 20;

    private int _keys;
    private int _held;

    /// <inheritdoc/>
    public void Begin()
    {
        Volatile.Write(ref _keys, 0);
        inner.Begin();
    }

    /// <inheritdoc/>
    public void Read(IReadOnlyList<StoredKey> keys)
    {
        if (Interlocked.Add(ref _keys, keys.Count) > Large && Interlocked.Exchange(ref _held, 1) == 0)
        {
            Hold();
        }

        inner.Read(keys);
    }

    /// <summary>The listing was taken in, or given up.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _held, 0) == 1 && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
        {
            try
            {
                GC.EndNoGCRegion();
            }
            catch (InvalidOperationException)
            {
                // It ended by itself, just now.
            }
        }
    }

    private static void Hold()
    {
        try
        {
            GC.TryStartNoGCRegion(Budget);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            // Somebody else holds it, or this machine has not that much: then without.
        }
    }
}
