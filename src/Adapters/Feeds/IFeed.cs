namespace CalicoConsole.Adapters.Feeds;

/// <summary>Something that keeps a part of the snapshot current until it is cancelled. It deals with failures of its source by itself.</summary>
public interface IFeed
{
    /// <summary>The name under which its state is shown.</summary>
    string Name { get; }

    /// <summary>Runs until cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
