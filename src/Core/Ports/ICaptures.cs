namespace CalicoConsole.Core.Ports;

/// <summary>Captures that were made, each kept with its packets: the newest ones, within bounds. Safe for concurrent use.</summary>
public interface ICaptures
{
    /// <summary>How many are kept; older ones go.</summary>
    const int Most = 50;

    /// <summary>How many bytes of packets are kept in all; older captures go.</summary>
    const long MostBytes = 256L * 1024 * 1024;

    /// <summary>Keeps a capture.</summary>
    /// <param name="capture">The capture.</param>
    /// <param name="files">What each of its points saw, as pcap files.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task KeepAsync(KeptCapture capture, ImmutableArray<ReadOnlyMemory<byte>> files, CancellationToken cancellationToken);

    /// <summary>A capture; null when there is none of that id, or no longer.</summary>
    Task<KeptCapture?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>What its points saw, in their order; empty when there is no such capture.</summary>
    Task<ImmutableArray<ReadOnlyMemory<byte>>> FilesAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>What one of its points saw; null when there is none such.</summary>
    Task<ReadOnlyMemory<byte>?> FileAsync(Guid id, int point, CancellationToken cancellationToken);

    /// <summary>The newest ones, newest first, without their documents.</summary>
    Task<ImmutableArray<KeptCapture>> NewestAsync(int most, CancellationToken cancellationToken);
}

/// <summary>A capture as it is kept.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When it began (UTC).</param>
/// <param name="From">The end at the beginning of the way; empty when none was named.</param>
/// <param name="To">The end at its end.</param>
/// <param name="Filter">What was taken.</param>
/// <param name="Packets">Packets of all points.</param>
/// <param name="Bytes">Bytes of all files.</param>
/// <param name="Headline">The sentence that people read first.</param>
/// <param name="Document">The whole report as JSON; empty in lists.</param>
public sealed record KeptCapture(
    Guid Id, DateTimeOffset At, string From, string To, string Filter, int Packets, long Bytes, string Headline, string Document);
