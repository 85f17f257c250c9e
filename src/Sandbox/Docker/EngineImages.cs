using System.Runtime.CompilerServices;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>The images of one engine. Thread-safe.</summary>
internal sealed class EngineImages(Machine machine, EngineEvents events, TimeProvider time)
{
    private ImmutableSortedDictionary<string, SimulatedImage> _images = ImmutableSortedDictionary.Create<string, SimulatedImage>(StringComparer.Ordinal);

    /// <summary>All images.</summary>
    public ImmutableArray<DockerImage> List() => [.. Volatile.Read(ref _images).Values.Select(i => i.Show())];

    /// <summary>The image of a reference or id; null when it is not here.</summary>
    public SimulatedImage? Find(string image) => Volatile.Read(ref _images).GetValueOrDefault(DockerSyntax.NormalizeImage(image))
        ?? Volatile.Read(ref _images).Values.FirstOrDefault(i => i.Show().Id == image);

    /// <summary>Puts an image there without a pull, as <c>docker load</c> does.</summary>
    public void Load(string reference) =>
        Add(Registry.Find(reference) ?? throw new ArgumentException($"the sandbox knows no image {reference}", nameof(reference)));

    /// <summary>Pulls an image from the simulated registries.</summary>
    public async IAsyncEnumerable<DockerPullProgress> PullAsync(string reference, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Registry.Find(reference) is not { } image)
        {
            // A registry takes its time to say no.
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken).ConfigureAwait(false);
            throw Registry.Refusal(machine, reference);
        }

        await foreach (var progress in ImagePull.ProgressAsync(image, Find(reference) is not null, time, cancellationToken).ConfigureAwait(false))
        {
            if (progress.Status.StartsWith("Status:", StringComparison.Ordinal))
            {
                Add(image);
                events.Tell("image", "pull", image.Reference, ("name", image.Repository));
            }

            yield return progress;
        }
    }

    private void Add(SimulatedImage image) => ImmutableInterlocked.Update(ref _images, static (images, added) => images.SetItem(added.Reference, added), image);
}
