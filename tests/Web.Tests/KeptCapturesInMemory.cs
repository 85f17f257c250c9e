using System.Collections.Immutable;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Tests;

/// <summary>Captures in memory.</summary>
internal sealed class KeptCapturesInMemory : ICaptures
{
    private ImmutableDictionary<Guid, (KeptCapture Capture, ImmutableArray<ReadOnlyMemory<byte>> Files)> _all =
        ImmutableDictionary<Guid, (KeptCapture, ImmutableArray<ReadOnlyMemory<byte>>)>.Empty;

    public Task KeepAsync(KeptCapture capture, ImmutableArray<ReadOnlyMemory<byte>> files, CancellationToken cancellationToken)
    {
        ImmutableInterlocked.TryAdd(ref _all, capture.Id, (capture, files));
        return Task.CompletedTask;
    }

    public Task<KeptCapture?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(_all.TryGetValue(id, out var found) ? found.Capture : null);

    public Task<ImmutableArray<ReadOnlyMemory<byte>>> FilesAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(_all.TryGetValue(id, out var found) ? found.Files : []);

    public Task<ReadOnlyMemory<byte>?> FileAsync(Guid id, int point, CancellationToken cancellationToken) =>
        Task.FromResult(_all.TryGetValue(id, out var found) && point >= 0 && point < found.Files.Length ? found.Files[point] : (ReadOnlyMemory<byte>?)null);

    public Task<ImmutableArray<KeptCapture>> NewestAsync(int most, CancellationToken cancellationToken) =>
        Task.FromResult(_all.Values.Select(c => c.Capture).OrderByDescending(c => c.At).Take(most).ToImmutableArray());
}
