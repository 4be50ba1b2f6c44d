FROM node:24-bookworm-slim AS app
WORKDIR /app
COPY package.json package-lock.json ./
# The optional dependencies are Node itself, which the image has. Node neither runs a package's TypeScript
# nor reads its source maps: without them the dependencies are a quarter smaller.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f \( -name '*.ts' -o -name '*.cts' -o -name '*.mts' -o -name '*.map' \) -delete
COPY examples/operations ./examples/operations
COPY src ./src
# A clone under a strict umask would leave these unreadable to the user node.
RUN chmod -R a+rX package.json examples src
# What a start compiles is kept, by user: one start as the user of the image spares every container that. Its files are for
# that user alone, who will not own them any more.
RUN install -d -o node node_modules/.cache
USER node
RUN PORT=0 node -e "import('/app/src/main.ts').then(() => process.exit())" && chmod -R a+rX node_modules/.cache

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="ims-image-gateway" \
      org.opencontainers.image.description="GraphQL gateway over Huawei Cloud IMS image queries" \
      org.opencontainers.image.licenses="Apache-2.0"
# A published port reaches the container's own address, not its loopback.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
# The files stay root's, so that the gateway cannot change its own code.
COPY --from=app /app/node_modules ./node_modules
COPY --from=app /app/package.json ./
COPY --from=app /app/examples ./examples
COPY --from=app /app/src ./src
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# In exec form, so that SIGTERM reaches node and not a shell.
CMD ["node", "src/main.ts"]
