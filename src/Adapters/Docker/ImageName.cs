namespace CalicoConsole.Adapters.Docker;

/// <summary>Image names as people write them (source: distribution's reference grammar).</summary>
internal static class ImageName
{
    /// <summary>
    /// Splits into the name and the tag or digest. Without either the tag is <c>latest</c>: asked without a tag, an engine
    /// pulls every tag there is.
    /// </summary>
    public static (string Name, string Tag) Split(string image)
    {
        var digest = image.IndexOf('@', StringComparison.Ordinal);
        if (digest >= 0)
        {
            return (image[..digest], image[(digest + 1)..]);
        }

        // A colon before the last slash is a registry's port.
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? (image[..colon], image[(colon + 1)..]) : (image, "latest");
    }
}
