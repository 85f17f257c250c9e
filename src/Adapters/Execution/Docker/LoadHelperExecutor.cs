using System.Formats.Tar;
using System.Text.Json;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>Loads the helper's image from its archive. An archive that does not hold the image of that name is never sent.</summary>
/// <param name="hosts">The configured hosts.</param>
/// <param name="helper">Image and archive.</param>
public sealed class LoadHelperExecutor(IDockerHosts hosts, HelperImage helper) : DockerExecutor(hosts)
{
    private const int LongestManifest = 1024 * 1024;

    /// <inheritdoc/>
    public override bool Handles(Operation operation) => operation is LoadHelperImage;

    private protected override async Task<ExecutionResult> RunAsync(Operation operation, DockerRun run, CancellationToken cancellationToken)
    {
        var image = ((LoadHelperImage)operation).Image;
        run.Begin(LoadHelperImage.ArchiveStep);
        if (helper.Archive is not { } path)
        {
            return run.Failed("No archive of the helper's image is configured: set Helpers:ImageArchive, or load the image onto the host by docker load.");
        }

        try
        {
            var held = await NamesAsync(path, cancellationToken).ConfigureAwait(false);
            if (!held.Any(n => DockerSyntax.NormalizeImage(n) == DockerSyntax.NormalizeImage(image)))
            {
                return run.Failed($"{path} holds {(held.IsEmpty ? "no named image" : string.Join(", ", held))}, and not {image}: nothing was sent. Check "
                    + "Helpers:ImageArchive and Helpers:Image.");
            }

            run.Done($"it holds {image}");
            run.Begin(LoadHelperImage.LoadStep);
            if (DockerSyntax.IsAmong(image, await run.Host.ImagesAsync(cancellationToken).ConfigureAwait(false)))
            {
                return run.Unchanged($"{run.Host.Name} has {image} already.");
            }

            var archive = File.OpenRead(path);
            await using (archive.ConfigureAwait(false))
            {
                foreach (var said in await run.Host.LoadImageAsync(archive, CancellationToken.None).ConfigureAwait(false))
                {
                    run.Line(said);
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return run.Failed($"{path} cannot be read as an archive of images: {e.Message}");
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, $"load {image}");
        }

        run.Changed($"image {image}");
        run.Done($"{image} is loaded");
        return run.Succeeded(s => s.Hosts.GetValueOrDefault(run.Host.Name) is { } host && DockerSyntax.IsAmong(image, host.Images));
    }

    private static async Task<ImmutableArray<string>> NamesAsync(string path, CancellationToken cancellationToken)
    {
        var archive = File.OpenRead(path);
        await using (archive.ConfigureAwait(false))
        {
            var reader = new TarReader(archive);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    if (entry is { Name: "manifest.json", Length: <= LongestManifest, DataStream: { } data })
                    {
                        using var manifest = await JsonDocument.ParseAsync(data, cancellationToken: cancellationToken).ConfigureAwait(false);
                        return manifest.RootElement.ValueKind != JsonValueKind.Array ? [] :
                        [
                            .. manifest.RootElement.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object)
                                .SelectMany(i => i.TryGetProperty("RepoTags", out var tags) && tags.ValueKind == JsonValueKind.Array
                                    ? tags.EnumerateArray().Select(t => t.ToString()) : []),
                        ];
                    }
                }
            }
        }

        return [];
    }
}
