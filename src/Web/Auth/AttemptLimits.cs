using System.Globalization;
using System.Threading.RateLimiting;

namespace CalicoConsole.Web.Auth;

/// <summary>
/// Bounds attempts to come in, for each source alone: nobody's wrong attempts keep somebody else out. Safe for concurrent use; sources that try no more
/// are forgotten.
/// </summary>
internal sealed class AttemptLimits : IDisposable
{
    /// <summary>Sign-ins, right or wrong, in a minute from one source.</summary>
    public const int SignIns = 10;

    /// <summary>Wrong tokens in a minute from one source.</summary>
    public const int WrongTokens = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> _signIns = Limiter(SignIns);
    private readonly PartitionedRateLimiter<string> _tokens = Limiter(WrongTokens);
    private readonly PartitionedRateLimiter<string> _said = Limiter(1);

    /// <summary>Takes one sign-in of a source. Null when it may be tried, else how long to wait.</summary>
    public TimeSpan? SignIn(string source) => Wait(_signIns, source, 1);

    /// <summary>Null when a token of this source may be looked at, else how long to wait.</summary>
    public TimeSpan? Token(string source) => Wait(_tokens, source, 0);

    /// <summary>Counts a wrong token.</summary>
    public void WrongToken(string source) => Wait(_tokens, source, 1);

    /// <summary>Whether the log should say now that a source is kept out: once in a window, or a flood of attempts would be one of lines.</summary>
    public bool IsNews(string source) => Wait(_said, source, 1) is null;

    /// <summary>The waiting time as a header says it: whole seconds, at least one.</summary>
    public static string Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _signIns.Dispose();
        _tokens.Dispose();
        _said.Dispose();
    }

    private static PartitionedRateLimiter<string> Limiter(int permits) => PartitionedRateLimiter.Create<string, string>(source =>
        RateLimitPartition.GetFixedWindowLimiter(source, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window }),
            StringComparer.Ordinal);

    private static TimeSpan? Wait(PartitionedRateLimiter<string> limiter, string source, int permits)
    {
        using var lease = limiter.AttemptAcquire(source, permits);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window;
    }
}
