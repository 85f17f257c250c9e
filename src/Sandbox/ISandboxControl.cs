namespace CalicoConsole.Sandbox;

/// <summary>What only a sandbox can do. Safe for concurrent use.</summary>
public interface ISandboxControl
{
    /// <summary>
    /// Throws the cluster away and puts the seed in its place. Followers of events and keys see what they would see of restarted engines
    /// and of an etcd that was restored from nothing; calls under way fail.
    /// </summary>
    Task ResetAsync(CancellationToken cancellationToken);
}
