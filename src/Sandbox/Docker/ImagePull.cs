using System.Globalization;
using System.Runtime.CompilerServices;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>The progress of a pull, in the engine's words and order for one layer; layers come one after the other.</summary>
internal static class ImagePull
{
    // A link of 80 Mbyte/s, reported ten times a second: quick to watch, slow enough to see.
    private const long BytesInStep = 8_000_000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public static async IAsyncEnumerable<DockerPullProgress> ProgressAsync(SimulatedImage image, bool isThere, TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Step, time, cancellationToken).ConfigureAwait(false);
        var official = image.Repository.Contains('/', StringComparison.Ordinal) ? PathOf(image.Repository) : $"library/{image.Repository}";
        yield return new DockerPullProgress(image.Tag, $"Pulling from {official}", null, null);
        if (!isThere)
        {
            var layers = image.Layers
                .Select((size, i) => (Id: Ids.From(string.Create(CultureInfo.InvariantCulture, $"{image.Reference}/{i}"))[..12], Size: size))
                .ToArray();
            foreach (var layer in layers)
            {
                yield return new DockerPullProgress(layer.Id, "Pulling fs layer", null, null);
            }

            foreach (var (id, size) in layers)
            {
                for (var done = Math.Min(BytesInStep, size); ; done = Math.Min(done + BytesInStep, size))
                {
                    await Task.Delay(Step, time, cancellationToken).ConfigureAwait(false);
                    yield return new DockerPullProgress(id, "Downloading", done, size);
                    if (done == size)
                    {
                        break;
                    }
                }

                yield return new DockerPullProgress(id, "Verifying Checksum", null, null);
                yield return new DockerPullProgress(id, "Download complete", null, null);
                yield return new DockerPullProgress(id, "Extracting", size, size);
                yield return new DockerPullProgress(id, "Pull complete", null, null);
            }
        }

        yield return new DockerPullProgress("", $"Digest: sha256:{Ids.From("digest " + image.Reference)}", null, null);
        yield return new DockerPullProgress("", $"Status: {(isThere ? "Image is up to date" : "Downloaded newer image")} for {image.Reference}", null, null);
    }

    private static string PathOf(string repository)
    {
        var server = repository.Split('/')[0];
        return server.Contains('.', StringComparison.Ordinal) ? repository[(server.Length + 1)..] : repository;
    }
}
