using CalicoConsole.Core.Counters;

namespace CalicoConsole.Web.Tests;

/// <summary>Counters that cannot be read, or those that a test gives.</summary>
internal sealed class UnreadCounters : IRuleCounterReader
{
    /// <summary>What a host answers.</summary>
    public Func<string, HostSample> Answer { get; set; } = host => new HostSample(host, DateTimeOffset.UnixEpoch, null, "nothing is read in this test");

    public Task<HostSample> ReadAsync(string host, CancellationToken cancellationToken) => Task.FromResult(Answer(host));
}
